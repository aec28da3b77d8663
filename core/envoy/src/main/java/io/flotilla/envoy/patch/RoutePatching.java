package io.flotilla.envoy.patch;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.RouteConfigurationMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.RouteConfigurationMatch.RouteMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.RouteConfigurationMatch.VirtualHostMatch;
import java.util.ArrayList;
import java.util.List;

/** Patches of route configurations, their virtual hosts and their routes. */
@SuppressWarnings("ReferenceEquality") // the same object means: nothing was changed
record RoutePatching(Surroundings where, PatchContext context) {
    private static final String INBOUND = "inbound|";

    static boolean isFor(Patch patch) {
        return patch.to() == ApplyTo.ROUTE_CONFIGURATION
                || patch.to() == ApplyTo.VIRTUAL_HOST
                || patch.to() == ApplyTo.HTTP_ROUTE;
    }

    /** The configuration after one patch; the same object where it does not concern it. */
    RouteConfiguration apply(RouteConfiguration routes, Patch patch) {
        RouteConfigurationMatch match = patch.match().getRouteConfiguration();
        if (!isFor(patch) || !Surroundings.fits(patch, context) || !chosen(routes.getName(), match)) {
            return routes;
        }
        return switch (patch.to()) {
            case ROUTE_CONFIGURATION ->
                new ListEdit<RouteConfiguration>(patch, any -> patch.merges(), true)
                        .apply(List.of(routes), 0)
                        .getFirst();
            case VIRTUAL_HOST -> {
                List<VirtualHost> before = routes.getVirtualHostsList();
                List<VirtualHost> after = new ListEdit<VirtualHost>(
                                patch, host -> chosen(host, match.getVhost()), named(match.getVhost()))
                        .apply(before, before.size());
                yield after == before ? routes : with(routes, after);
            }
            default -> routes(routes, patch, match.getVhost());
        };
    }

    private static RouteConfiguration routes(RouteConfiguration routes, Patch patch, VirtualHostMatch match) {
        boolean changed = false;
        List<VirtualHost> hosts = new ArrayList<>();
        for (VirtualHost host : routes.getVirtualHostsList()) {
            List<Route> before = host.getRoutesList();
            List<Route> after = chosen(host, match)
                    ? new ListEdit<Route>(patch, route -> chosen(route, match.getRoute()), match.hasRoute())
                            .apply(before, before.size())
                    : before;
            changed |= after != before;
            hosts.add(
                    after == before
                            ? host
                            : host.toBuilder().clearRoutes().addAllRoutes(after).build());
        }
        return changed ? with(routes, hosts) : routes;
    }

    private static RouteConfiguration with(RouteConfiguration routes, List<VirtualHost> hosts) {
        return routes.toBuilder().clearVirtualHosts().addAllVirtualHosts(hosts).build();
    }

    private boolean chosen(String name, RouteConfigurationMatch match) {
        if (!match.getName().isEmpty() && !match.getName().equals(name)) {
            return false;
        }
        if (where.router()) {
            return (match.getPortNumber() == 0
                            && match.getPortName().isEmpty()
                            && match.getGateway().isEmpty())
                    || where.edges().getOrDefault(name, List.of()).stream()
                            .anyMatch(server -> (match.getPortNumber() == 0 || match.getPortNumber() == server.port())
                                    && (match.getPortName().isEmpty()
                                            || match.getPortName().equals(server.portName()))
                                    && (match.getGateway().isEmpty()
                                            || match.getGateway().equals(server.gateway())));
        }
        return match.getPortNumber() == 0
                || Integer.toString(match.getPortNumber()).equals(port(name));
    }

    // "inbound|PORT||", or the port alone.
    private static String port(String name) {
        return name.startsWith(INBOUND) ? name.substring(INBOUND.length(), name.indexOf('|', INBOUND.length())) : name;
    }

    private static boolean named(VirtualHostMatch match) {
        return !match.getName().isEmpty() || !match.getDomainName().isEmpty();
    }

    private static boolean chosen(VirtualHost host, VirtualHostMatch match) {
        return (match.getName().isEmpty() || match.getName().equals(host.getName()))
                && (match.getDomainName().isEmpty() || host.getDomainsList().contains(match.getDomainName()));
    }

    private static boolean chosen(Route route, RouteMatch match) {
        boolean action = switch (match.getAction()) {
            case ANY, UNRECOGNIZED -> true;
            case ROUTE -> route.hasRoute();
            case REDIRECT -> route.hasRedirect();
            case DIRECT_RESPONSE -> route.hasDirectResponse();
        };
        return action && (match.getName().isEmpty() || match.getName().equals(route.getName()));
    }
}
