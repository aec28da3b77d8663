package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.RouteDestination;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weights that say nothing, and destinations that are given twice. */
final class Weights implements Check {
    private static final Entry ALONE = Entry.warning("FA0208", "the weight of the only destination is ignored", """
                    A rule with one destination sends everything there, whatever its weight. A weight below 100 suggests
                    that another destination was meant to be there. Add the other destination, or remove the
                    weight.""")
            .kiali("KIA1104");
    private static final Entry TWICE = Entry.warning("FA0209", "a rule has the same destination twice", """
                    Two destinations of one rule are the same host, subset and port, so their weights simply add up;
                    most often the subset of one is wrong. Correct the subset, or make one destination of them.""")
            .kiali("KIA1105");

    @Override
    public List<Entry> entries() {
        return List.of(ALONE, TWICE);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            VirtualService spec = service.spec();
            for (int i = 0; i < spec.getHttpCount(); i++) {
                List<HTTPRouteDestination> routes = spec.getHttp(i).getRouteList();
                check(
                        mesh,
                        service,
                        routes.stream()
                                .map(HTTPRouteDestination::getDestination)
                                .toList(),
                        routes.stream().map(HTTPRouteDestination::getWeight).toList(),
                        Paths.item("http", i),
                        findings);
            }
            for (int i = 0; i < spec.getTlsCount(); i++) {
                l4(mesh, service, spec.getTls(i).getRouteList(), Paths.item("tls", i), findings);
            }
            for (int i = 0; i < spec.getTcpCount(); i++) {
                l4(mesh, service, spec.getTcp(i).getRouteList(), Paths.item("tcp", i), findings);
            }
        }
    }

    private static void l4(
            Mesh mesh, Config<VirtualService> service, List<RouteDestination> routes, FieldPath at, Findings findings) {
        check(
                mesh,
                service,
                routes.stream().map(RouteDestination::getDestination).toList(),
                routes.stream().map(RouteDestination::getWeight).toList(),
                at,
                findings);
    }

    private static void check(
            Mesh mesh,
            Config<VirtualService> service,
            List<Destination> destinations,
            List<Integer> weights,
            FieldPath at,
            Findings findings) {
        if (destinations.size() == 1 && weights.getFirst() != 0 && weights.getFirst() != 100) {
            findings.report(
                    ALONE,
                    service,
                    at.field("route").item(0).field("weight"),
                    weights.getFirst() + " is ignored: the only destination gets everything");
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < destinations.size(); i++) {
            Destination each = destinations.get(i);
            String what = mesh.hosts().full(each.getHost(), service.namespace())
                    + (each.getSubset().isEmpty() ? "" : " subset " + each.getSubset())
                    + (each.hasPort() ? " port " + each.getPort().getNumber() : "");
            Integer before = seen.putIfAbsent(what, i);
            if (before != null) {
                findings.report(
                        TWICE,
                        service,
                        at.field("route").item(i).field("destination"),
                        what + " is also route[" + before + "]; make one of them, or correct the subset");
            }
        }
    }
}
