package io.flotilla.envoy.gateway;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.StaticClusters;
import java.util.List;

/** Where requests go for which a gateway's server has no rule (Server.defaultEndpoint). */
public record EdgeDefault(String cluster) {
    Route build() {
        return Route.newBuilder()
                .setName("default")
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster(cluster).setTimeout(Durations.ZERO))
                .build();
    }

    /** The clusters of all servers of a router that have one. */
    public static List<Cluster> clusters(Scope scope) {
        return EdgeServers.of(scope).values().stream()
                .flatMap(List::stream)
                .map(server -> server.server().getDefaultEndpoint())
                .filter(endpoint -> !endpoint.isEmpty())
                .distinct()
                .map(endpoint -> scope.cache()
                        .get(
                                new StaticClusters.EdgeDefault(
                                        endpoint, scope.settings().connectTimeout()),
                                StaticClusters.EdgeDefault::build))
                .toList();
    }
}
