package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Layer4Rule;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.RouteDestination;
import io.flotilla.api.networking.v1alpha3.TCPRoute;
import io.flotilla.api.networking.v1alpha3.TLSMatchAttributes;
import io.flotilla.api.networking.v1alpha3.TLSRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.gatewayapi.Backends.Backend;
import java.util.ArrayList;
import java.util.List;

/** Rules of TLSRoutes and TCPRoutes in the words of Istio's VirtualService. */
record Layer4Routes(Backends backends) {
    /**
     * The first rule, for the others can never be reached.
     *
     * @param names that clients ask for, where TLS passes; empty for any connection
     * @param port  as callers use it, 0 for all
     */
    VirtualService.Builder rules(AnyRoute route, List<String> names, int port) {
        VirtualService.Builder spec = VirtualService.newBuilder();
        List<RouteDestination> routes = routes(route);
        if (names.isEmpty()) {
            TCPRoute.Builder rule = TCPRoute.newBuilder().addAllRoute(routes);
            if (port != 0) {
                rule.addMatch(L4MatchAttributes.newBuilder().setPort(port));
            }
            return spec.addTcp(rule);
        }
        TLSMatchAttributes.Builder match = TLSMatchAttributes.newBuilder().addAllSniHosts(names);
        if (port != 0) {
            match.setPort(port);
        }
        return spec.addTls(TLSRoute.newBuilder().addMatch(match).addAllRoute(routes));
    }

    private List<RouteDestination> routes(AnyRoute route) {
        List<RouteDestination> routes = new ArrayList<>();
        List<Layer4Rule> rules = route.layer4Rules();
        List<WeightedBackend> targets =
                rules.isEmpty() ? List.of() : rules.getFirst().getBackendRefsList();
        for (WeightedBackend backend : targets) {
            int weight = backend.hasWeight() ? backend.getWeight() : 1;
            RouteDestination.Builder built = RouteDestination.newBuilder().setWeight(weight);
            switch (backends.resolve(reference(backend), route)) {
                case Backend.Found(var destination, var service) -> built.setDestination(destination);
                case Backend.Missing(String reason, String message) ->
                    built.setDestination(Unresolved.destination(false));
            }
            // A share of nothing is no share; alone, it would get everything.
            if (weight > 0) {
                routes.add(built.build());
            }
        }
        return routes.isEmpty()
                ? List.of(RouteDestination.newBuilder()
                        .setDestination(Unresolved.destination(false))
                        .setWeight(1)
                        .build())
                : routes;
    }

    static Backends.Reference reference(WeightedBackend backend) {
        return new Backends.Reference(
                backend.getGroup(),
                backend.hasKind() ? backend.getKind() : "Service",
                backend.getNamespace(),
                backend.getName(),
                backend.getPort());
    }
}
