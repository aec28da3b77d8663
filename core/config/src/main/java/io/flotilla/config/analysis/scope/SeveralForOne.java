package io.flotilla.config.analysis.scope;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Several objects where only one can hold: for a namespace, or for a workload. */
final class SeveralForOne implements Check {
    private static final Entry SIDECARS =
            wide("FA0702", "Sidecar").istio("IST0111").kiali("KIA0002", "KIA1002");
    private static final Entry SIDECAR =
            one("FA0703", "Sidecar").istio("IST0110").kiali("KIA0003", "KIA1005");
    private static final Entry TELEMETRIES =
            wide("FA0704", "Telemetry").istio("IST0160").kiali("KIA0002");
    private static final Entry TELEMETRY =
            one("FA0705", "Telemetry").istio("IST0159").kiali("KIA0003");
    private static final Entry PEERS = wide("FA0706", "PeerAuthentication").kiali("KIA0002", "KIA0502");
    private static final Entry PEER = one("FA0707", "PeerAuthentication").kiali("KIA0003", "KIA0503");

    private static Entry wide(String code, String kind) {
        return Entry.error(code, "a namespace has several objects " + kind + " without selector", """
                Without a selector an object of this kind holds for its whole namespace, and only one can: the oldest
                counts and the others are passed over, so what is in force depends on the order in which they were
                made. Merge them into one, or give the others a selector.""");
    }

    private static Entry one(String code, String kind) {
        return Entry.error(code, "several objects " + kind + " select the same workload", """
                For one workload only one object of this kind counts, the oldest; what the others say for it is passed
                over. Merge them, or make their selectors exclude each other.""");
    }

    @Override
    public List<Entry> entries() {
        return List.of(SIDECARS, SIDECAR, TELEMETRIES, TELEMETRY, PEERS, PEER);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<Selecting> all = Selecting.all(mesh);
        kind(mesh, all, Kind.SIDECAR, SIDECARS, SIDECAR, findings);
        kind(mesh, all, Kind.TELEMETRY, TELEMETRIES, TELEMETRY, findings);
        kind(mesh, all, Kind.PEER_AUTHENTICATION, PEERS, PEER, findings);
    }

    private static void kind(Mesh mesh, List<Selecting> all, Kind kind, Entry wide, Entry one, Findings findings) {
        Map<String, List<Selecting>> withoutSelector = new TreeMap<>();
        Map<WorkloadFact, List<Selecting>> byWorkload = new LinkedHashMap<>();
        for (Selecting each : all) {
            if (!each.config().key().kind().equals(kind) || !each.targets().isEmpty()) {
                continue;
            }
            if (each.selector().isEmpty()) {
                withoutSelector
                        .computeIfAbsent(each.config().namespace(), namespace -> new ArrayList<>(1))
                        .add(each);
            } else {
                each.workloads(mesh)
                        .forEach(workload -> byWorkload
                                .computeIfAbsent(workload, key -> new ArrayList<>(1))
                                .add(each));
            }
        }
        withoutSelector.forEach((namespace, same) -> {
            if (same.size() > 1) {
                same.forEach(each -> findings.report(
                        wide,
                        each.config(),
                        Paths.SPEC,
                        "namespace " + namespace + " has " + others(each, same) + " without selector too"));
            }
        });
        Set<ObjectKey> reported = new HashSet<>();
        byWorkload.forEach((workload, same) -> {
            for (Selecting each : same.size() > 1 ? same : List.<Selecting>of()) {
                if (reported.add(each.config().key())) {
                    findings.report(
                            one,
                            each.config(),
                            each.at(),
                            "selects " + workload.source().key() + ", which " + others(each, same) + " selects too");
                }
            }
        });
    }

    private static String others(Selecting each, List<Selecting> same) {
        return same.stream()
                .filter(other -> !other.config().key().equals(each.config().key()))
                .map(other -> other.config().name())
                .limit(5)
                .collect(Collectors.joining(", "));
    }
}
