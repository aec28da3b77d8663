package io.flotilla.config.analysis.workload;

import com.google.protobuf.Struct;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.ServiceManifests;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Workloads behind several Services that do not agree. */
final class SharedWorkload implements Check {
    private static final Entry PROTOCOLS = Entry.warning(
                    "FA0605", "a workload has several Services with different protocols for one port", """
                    A pod's proxy knows one protocol per port. Two Services lead to the same port of these pods and
                    declare different ones, so one of them is not served as declared. Give both the same protocol in
                    name or appProtocol.""")
            .istio("IST0116");
    private static final Entry PORTS = Entry.warning(
                    "FA0606", "a workload has several Services with different ports for one target port", """
                    Two Services lead to the same port of these pods under different numbers of their own. Rules that
                    name a port, and callers of pods by address, then cannot tell which Service is meant. Use one
                    number, or different target ports.""")
            .istio("IST0137");

    @Override
    public List<Entry> entries() {
        return List.of(PROTOCOLS, PORTS);
    }

    /** One port of one Service. */
    private record Served(Config<Struct> service, int number, String name, Protocol protocol) {}

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (WorkloadFact workload : mesh.workloads().all()) {
            List<Config<Struct>> services = mesh.services().selecting(workload);
            if (services.size() > 1 && workload.hasManifest() && !mesh.repeated(workload)) {
                check(workload, served(mesh, services, workload), findings);
            }
        }
    }

    private static Map<Integer, List<Served>> served(Mesh mesh, List<Config<Struct>> services, WorkloadFact workload) {
        Map<Integer, List<Served>> byTarget = new TreeMap<>();
        for (Config<Struct> service : services) {
            for (Manifest port : new Manifest(service.spec()).list("spec", "ports")) {
                int number = port.number("port").orElse(0);
                Protocol protocol = Protocols.ofPort(
                        port.text("name"),
                        number,
                        port.text("protocol"),
                        port.text("appProtocol"),
                        mesh.settings().classic());
                ServiceManifests.target(port, workload)
                        .ifPresent(target -> byTarget.computeIfAbsent(target, each -> new ArrayList<>())
                                .add(new Served(service, number, port.text("name"), protocol)));
            }
        }
        return byTarget;
    }

    private static void check(WorkloadFact workload, Map<Integer, List<Served>> byTarget, Findings findings) {
        byTarget.forEach((target, all) -> {
            Set<Protocol> protocols = new TreeSet<>();
            Set<Integer> numbers = new TreeSet<>();
            all.stream().filter(each -> each.protocol() != Protocol.UDP).forEach(each -> {
                protocols.add(each.protocol());
                numbers.add(each.number());
            });
            String names =
                    all.stream().map(each -> each.service().name()).distinct().collect(Collectors.joining(", "));
            boolean several =
                    all.stream().map(each -> each.service().name()).distinct().count() > 1;
            if (several && protocols.size() > 1) {
                findings.report(
                        PROTOCOLS,
                        workload.source(),
                        workload.at(),
                        "port " + target + " is served by the Services " + names + " as " + protocols);
            }
            if (several && numbers.size() > 1) {
                findings.report(
                        PORTS,
                        workload.source(),
                        workload.at(),
                        "port " + target + " is served by the Services " + names + " as ports " + numbers);
            }
        });
    }
}
