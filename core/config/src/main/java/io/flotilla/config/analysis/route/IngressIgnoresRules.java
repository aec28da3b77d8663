package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.analysis.Target;
import io.flotilla.config.model.Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules for sidecars that a Gateway's own route to the same service goes past. */
final class IngressIgnoresRules implements Check {
    private static final Entry IGNORED = Entry.warning(
                    "FA0213", "requests from a Gateway go past the rules that sidecars follow", """
                    A gateway looks only at VirtualServices that are bound to it. This one sends its requests to a
                    service whose other VirtualService, with subsets, is for sidecars alone, so requests from outside
                    reach all versions of the service while those from inside follow the rules. Put the subset into
                    this route too, or bind the other VirtualService to the Gateway.""")
            .istio("IST0140");

    @Override
    public List<Entry> entries() {
        return List.of(IGNORED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Map<String, Config<VirtualService>> forSidecars = new HashMap<>();
        for (Config<VirtualService> service : mesh.virtualServices()) {
            boolean alone = Routing.gateways(service.spec()).equals(List.of(Routing.MESH));
            boolean subsets = Target.of(service.spec()).stream()
                    .anyMatch(target -> target.role() == Target.Role.HTTP
                            && !target.destination().getSubset().isEmpty());
            if (alone && subsets) {
                service.spec()
                        .getHostsList()
                        .forEach(
                                host -> forSidecars.putIfAbsent(mesh.hosts().full(host, service.namespace()), service));
            }
        }
        for (Config<VirtualService> service : mesh.virtualServices()) {
            boolean edge = Routing.gateways(service.spec()).stream().anyMatch(each -> !each.equals(Routing.MESH));
            if (edge) {
                for (Target target : Target.of(service.spec())) {
                    Config<VirtualService> other = forSidecars.get(
                            mesh.hosts().full(target.destination().getHost(), service.namespace()));
                    if (other != null
                            && target.role() == Target.Role.HTTP
                            && target.destination().getSubset().isEmpty()) {
                        findings.report(
                                IGNORED,
                                service,
                                target.at(),
                                "goes past the subsets of VirtualService "
                                        + other.key().resourceName()
                                        + ", which is for sidecars alone; name a subset here too");
                    }
                }
            }
        }
    }
}
