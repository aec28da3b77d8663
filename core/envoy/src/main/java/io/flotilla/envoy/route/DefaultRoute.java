package io.flotilla.envoy.route;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.filter.AlpnOverride;

/** The one route of a service for which no VirtualService has a rule. */
record DefaultRoute(Targets.Resolved target, Standard standard) {
    Route build() {
        RouteAction.Builder action = RouteAction.newBuilder()
                .setCluster(target.cluster())
                .setTimeout(Durations.ZERO)
                .setMaxStreamDuration(
                        RouteAction.MaxStreamDuration.newBuilder().setGrpcTimeoutHeaderMax(Durations.ZERO));
        Retries.standard(standard).ifPresent(action::setRetryPolicy);
        HashPolicies.of(target).forEach(action::addHashPolicy);
        Route.Builder route = Route.newBuilder()
                .setName("default")
                .setMatch(Matches.everything())
                .setRoute(action)
                .setDecorator(Decorator.newBuilder().setOperation(target.host() + ":" + target.port() + "/*"));
        if (target.protocol() == Protocol.AUTO) {
            route.putTypedPerFilterConfig(AlpnOverride.NAME, AlpnOverride.perRoute());
        }
        return route.build();
    }
}
