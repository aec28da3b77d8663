package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.Headers;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.HttpFilters;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that the routes of one VirtualService are made of.
 *
 * @param owner   the VirtualService
 * @param rules   narrowed to where they are read
 * @param targets the services that they name
 * @param port    that callers use
 * @param standard what holds for the whole mesh
 */
record HttpRules(ObjectKey owner, List<HTTPRoute> rules, Targets targets, int port, Standard standard) {
    /** One route per condition, in order; what comes after a route for everything can never be reached. */
    List<Route> build() {
        List<Route> routes = new ArrayList<>();
        for (HTTPRoute rule : rules) {
            if (rule.getMatchCount() == 0) {
                routes.add(route(rule, HTTPMatchRequest.getDefaultInstance()));
                return routes;
            }
            for (HTTPMatchRequest match : rule.getMatchList()) {
                Route route = route(rule, match);
                routes.add(route);
                if (Matches.catchesAll(route.getMatch())) {
                    return routes;
                }
            }
        }
        return routes;
    }

    private Route route(HTTPRoute rule, HTTPMatchRequest match) {
        RouteMatch condition = Matches.of(match);
        Route.Builder route =
                Route.newBuilder().setMatch(condition).setMetadata(Wire.decidedBy(owner, "virtual-service"));
        if (!rule.getName().isEmpty()) {
            route.setName(match.getName().isEmpty() ? rule.getName() : rule.getName() + "." + match.getName());
        }
        route.setStatPrefix(match.getStatPrefix());
        if (rule.hasRedirect()) {
            route.setRedirect(Redirects.redirect(rule.getRedirect(), port));
        } else if (rule.hasDirectResponse()) {
            route.setDirectResponse(Redirects.direct(rule.getDirectResponse()));
        } else {
            Forwarding forwarding = new Forwarding(this, rule, match);
            route.setRoute(forwarding.action());
            route.setDecorator(Decorator.newBuilder().setOperation(forwarding.operation(condition)));
            forwarding.filters().forEach(route::putTypedPerFilterConfig);
        }
        headers(rule.getHeaders(), route);
        if (rule.hasFault()) {
            Faults.of(rule.getFault(), standard.classic())
                    .ifPresent(fault -> route.putTypedPerFilterConfig(HttpFilters.FAULT, Wire.any(fault)));
        }
        if (rule.hasCorsPolicy()) {
            route.putTypedPerFilterConfig(HttpFilters.CORS, Wire.any(Cors.of(rule.getCorsPolicy())));
        }
        return route.build();
    }

    private static void headers(Headers headers, Route.Builder route) {
        route.addAllRequestHeadersToAdd(HeaderOperations.changes(headers.getRequest()))
                .addAllRequestHeadersToRemove(HeaderOperations.removals(headers.getRequest()))
                .addAllResponseHeadersToAdd(HeaderOperations.changes(headers.getResponse()))
                .addAllResponseHeadersToRemove(HeaderOperations.removals(headers.getResponse()));
    }
}
