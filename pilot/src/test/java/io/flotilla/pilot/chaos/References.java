package io.flotilla.pilot.chaos;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What resources refer to. */
final class References {
    private References() {}

    /** Names of the route configurations that a listener asks for. */
    static Set<String> routes(Listener listener) throws InvalidProtocolBufferException {
        Set<String> names = new TreeSet<>();
        for (FilterChain chain : Stream.concat(
                        listener.getFilterChainsList().stream(), Stream.of(listener.getDefaultFilterChain()))
                .toList()) {
            for (var filter : chain.getFiltersList()) {
                if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
                    HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
                    if (manager.hasRds()) {
                        names.add(manager.getRds().getRouteConfigName());
                    }
                }
            }
        }
        return names;
    }

    /** Clusters of the mesh that a route configuration or a virtual host leads to. */
    static Set<String> clusters(Any any) throws InvalidProtocolBufferException {
        List<VirtualHost> hosts = any.is(VirtualHost.class)
                ? List.of(any.unpack(VirtualHost.class))
                : any.unpack(RouteConfiguration.class).getVirtualHostsList();
        Set<String> clusters = new TreeSet<>();
        hosts.stream()
                .flatMap(host -> host.getRoutesList().stream())
                .map(route -> route.getRoute())
                .forEach(action -> {
                    clusters.add(action.getCluster());
                    action.getWeightedClusters().getClustersList().stream()
                            .map(WeightedCluster.ClusterWeight::getName)
                            .forEach(clusters::add);
                });
        clusters.removeIf(cluster -> !cluster.startsWith("outbound|"));
        return clusters;
    }
}
