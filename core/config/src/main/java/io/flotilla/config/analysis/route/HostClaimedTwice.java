package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.analysis.Visibility;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Several VirtualServices for one host. */
final class HostClaimedTwice implements Check {
    private static final Entry SIDECARS = Entry.error(
                    "FA0201", "several VirtualServices route the same host for sidecars", """
                    Sidecars follow one VirtualService per host: the oldest wins, and the rules of the others are
                    ignored, so which rules hold depends on the order in which objects were made. Merge them into one
                    VirtualService, let one delegate to the others, or export them to namespaces that have nothing in
                    common.""")
            .istio("IST0109")
            .kiali("KIA1106");
    private static final Entry GATEWAY = Entry.warning(
                    "FA0202", "several VirtualServices route the same host at one Gateway", """
                    At a Gateway the rules of several VirtualServices for one host are put together, one object after
                    the other in the order of their age, and a rule of the older that takes everything hides the
                    younger. Where the order matters, merge them into one VirtualService or let one delegate to the
                    others.""")
            .kiali("KIA1106");

    @Override
    public List<Entry> entries() {
        return List.of(SIDECARS, GATEWAY);
    }

    /** One claim of a host. */
    private record Claim(Config<VirtualService> service, int host) {
        List<String> exportTo() {
            return service.spec().getExportToList();
        }
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, List<Claim>> claims = new TreeMap<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (String gateway : Routing.gateways(service.spec())) {
                String where = Routing.fullGateway(gateway, service.namespace());
                for (int i = 0; i < service.spec().getHostsCount(); i++) {
                    String host = mesh.hosts().full(service.spec().getHosts(i), service.namespace());
                    claims.computeIfAbsent(where + " " + host, key -> new ArrayList<>(1))
                            .add(new Claim(service, i));
                }
            }
        }
        claims.forEach((key, same) -> {
            if (same.size() > 1) {
                report(key.substring(0, key.indexOf(' ')), key.substring(key.indexOf(' ') + 1), same, findings);
            }
        });
    }

    private static void report(String where, String host, List<Claim> same, Findings findings) {
        for (Claim claim : same) {
            String others = same.stream()
                    .filter(other -> meet(claim, other))
                    .map(other -> other.service().key().resourceName())
                    .distinct()
                    .limit(5)
                    .collect(Collectors.joining(", "));
            if (!others.isEmpty()) {
                boolean sidecars = where.equals(Routing.MESH);
                findings.report(
                        sidecars ? SIDECARS : GATEWAY,
                        claim.service(),
                        Paths.item("hosts", claim.host()),
                        sidecars
                                ? "host " + host + " is also routed by " + others + "; merge them into one"
                                : "host " + host + " is also routed by " + others + " at gateway " + where
                                        + "; the order of their rules is that of their age");
            }
        }
    }

    private static boolean meet(Claim left, Claim right) {
        return !left.service().key().equals(right.service().key())
                && Visibility.overlap(
                        left.exportTo(),
                        left.service().namespace(),
                        right.exportTo(),
                        right.service().namespace());
    }
}
