package io.flotilla.config.analysis;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.RouteDestination;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;

/**
 * One destination of a VirtualService.
 *
 * @param destination host, subset and port
 * @param at          where it stands
 * @param weight      percent of its rule that goes there; 100 where it is alone
 * @param role        what it is sent
 */
public record Target(Destination destination, FieldPath at, int weight, Role role) {
    /** What a destination gets. */
    public enum Role {
        HTTP,
        TLS,
        TCP,
        MIRROR
    }

    /** All destinations of a VirtualService, in the order of its rules. */
    public static List<Target> of(VirtualService service) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < service.getHttpCount(); i++) {
            http(service.getHttp(i), Paths.item("http", i), targets);
        }
        for (int i = 0; i < service.getTlsCount(); i++) {
            l4(service.getTls(i).getRouteList(), Paths.item("tls", i), Role.TLS, targets);
        }
        for (int i = 0; i < service.getTcpCount(); i++) {
            l4(service.getTcp(i).getRouteList(), Paths.item("tcp", i), Role.TCP, targets);
        }
        return targets;
    }

    /** The destinations of one rule, mirrors last. */
    public static void http(HTTPRoute route, FieldPath at, List<Target> targets) {
        boolean alone = route.getRouteCount() == 1;
        for (int i = 0; i < route.getRouteCount(); i++) {
            targets.add(new Target(
                    route.getRoute(i).getDestination(),
                    at.field("route").item(i).field("destination"),
                    alone ? 100 : route.getRoute(i).getWeight(),
                    Role.HTTP));
        }
        if (route.hasMirror()) {
            targets.add(new Target(route.getMirror(), at.field("mirror"), 100, Role.MIRROR));
        }
        for (int i = 0; i < route.getMirrorsCount(); i++) {
            targets.add(new Target(
                    route.getMirrors(i).getDestination(),
                    at.field("mirrors").item(i).field("destination"),
                    100,
                    Role.MIRROR));
        }
    }

    private static void l4(List<RouteDestination> routes, FieldPath at, Role role, List<Target> targets) {
        for (int i = 0; i < routes.size(); i++) {
            targets.add(new Target(
                    routes.get(i).getDestination(),
                    at.field("route").item(i).field("destination"),
                    routes.size() == 1 ? 100 : routes.get(i).getWeight(),
                    role));
        }
    }
}
