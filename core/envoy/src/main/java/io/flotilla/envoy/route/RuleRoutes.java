package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.Scope;
import java.util.List;

/** The routes of one VirtualService, in one place. */
public final class RuleRoutes {
    private RuleRoutes() {}

    /** In order; empty where no rule can apply here. */
    public static List<Route> of(Scope scope, Config<VirtualService> rule, RuleScope where) {
        List<HTTPRoute> narrowed = where.narrow(rule);
        if (narrowed.isEmpty()) {
            return List.of();
        }
        HttpRules key =
                new HttpRules(rule.key(), narrowed, Targets.ofRequests(scope, rule), where.port(), Standard.of(scope));
        return scope.cache().get(key, HttpRules::build);
    }

    /** Whether a route takes every request, so that none behind it can. */
    public static boolean catchesAll(Route route) {
        return Matches.catchesAll(route.getMatch());
    }
}
