package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.Scope;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** From which rule of a VirtualService a route was made. */
public final class RuleOrigin {
    private RuleOrigin() {}

    /**
     * The index in {@code http}; -1 where no rule alone makes this route.
     *
     * @param port that callers use
     */
    public static int index(Scope scope, Config<VirtualService> rule, int port, Route route) {
        Set<String> gateways = new HashSet<>(Set.of(RuleScope.MESH));
        if (scope.view().router()) {
            gateways.clear();
            scope.snapshot()
                    .gateways(scope.view().labels())
                    .forEach(gateway -> gateways.add(gateway.key().resourceName()));
        }
        RuleScope where = new RuleScope(
                gateways, port, scope.view().labels(), scope.view().namespace());
        for (int i = 0; i < rule.spec().getHttpCount(); i++) {
            if (alone(scope, rule, i, where).contains(route)) {
                return i;
            }
        }
        return -1;
    }

    private static List<Route> alone(Scope scope, Config<VirtualService> rule, int index, RuleScope where) {
        VirtualService one = rule.spec().toBuilder()
                .clearHttp()
                .addHttp(rule.spec().getHttp(index))
                .build();
        return RuleRoutes.of(
                scope,
                new Config<>(
                        rule.key(),
                        one,
                        rule.labels(),
                        rule.annotations(),
                        rule.created(),
                        rule.version(),
                        rule.origin()),
                where);
    }
}
