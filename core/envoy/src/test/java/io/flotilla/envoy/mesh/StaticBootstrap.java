package io.flotilla.envoy.mesh;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.bootstrap.SdsConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What Pilot sends as one static bootstrap: assignments inside of clusters, routes inside of listeners. */
public final class StaticBootstrap {
    private StaticBootstrap() {}

    /** A bootstrap that an Envoy can check or run without any server. */
    public static Bootstrap of(EnvoyResources resources) {
        Map<String, ClusterLoadAssignment> assignments = resources.endpoints().stream()
                .collect(Collectors.toMap(ClusterLoadAssignment::getClusterName, Function.identity()));
        Map<String, RouteConfiguration> routes =
                resources.routes().stream().collect(Collectors.toMap(RouteConfiguration::getName, Function.identity()));
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder()
                .setNode(Node.newBuilder()
                        .setId("sidecar~10.44.0.9~test.default~d")
                        .setCluster("test"));
        for (String name : List.of(SdsConfig.CITADEL_CLUSTER, SdsConfig.GATEWAY_CLUSTER)) {
            bootstrap
                    .getStaticResourcesBuilder()
                    .addClusters(Cluster.newBuilder().setName(name).setConnectTimeout(Durations.fromSeconds(1)));
        }
        for (Cluster cluster : resources.clusters()) {
            bootstrap.getStaticResourcesBuilder().addClusters(inline(cluster, assignments));
        }
        for (Listener listener : resources.listeners()) {
            bootstrap.getStaticResourcesBuilder().addListeners(inline(listener, routes));
        }
        return bootstrap.build();
    }

    private static Cluster inline(Cluster cluster, Map<String, ClusterLoadAssignment> assignments) {
        if (cluster.getType() != Cluster.DiscoveryType.EDS) {
            return cluster;
        }
        ClusterLoadAssignment assignment = assignments.get(cluster.getName());
        if (assignment == null) {
            throw new AssertionError(
                    "no assignment for " + cluster.getName() + " in " + new TreeSet<>(assignments.keySet()));
        }
        return cluster.toBuilder()
                .setType(Cluster.DiscoveryType.STATIC)
                .clearEdsClusterConfig()
                .setLoadAssignment(assignment)
                .build();
    }

    private static Listener inline(Listener listener, Map<String, RouteConfiguration> routes) {
        Listener.Builder built = listener.toBuilder().clearFilterChains();
        listener.getFilterChainsList().forEach(chain -> built.addFilterChains(inline(chain, routes)));
        if (listener.hasDefaultFilterChain()) {
            built.setDefaultFilterChain(inline(listener.getDefaultFilterChain(), routes));
        }
        return built.build();
    }

    private static FilterChain inline(FilterChain chain, Map<String, RouteConfiguration> routes) {
        FilterChain.Builder built = chain.toBuilder().clearFilters();
        chain.getFiltersList().forEach(filter -> built.addFilters(inline(filter, routes)));
        return built.build();
    }

    private static Filter inline(Filter filter, Map<String, RouteConfiguration> routes) {
        if (!filter.getTypedConfig().is(HttpConnectionManager.class)) {
            return filter;
        }
        try {
            HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
            if (!manager.hasRds()) {
                return filter;
            }
            RouteConfiguration routeConfiguration = routes.get(manager.getRds().getRouteConfigName());
            if (routeConfiguration == null) {
                throw new AssertionError("no routes " + manager.getRds().getRouteConfigName());
            }
            return filter.toBuilder()
                    .setTypedConfig(Any.pack(manager.toBuilder()
                            .setRouteConfig(routeConfiguration)
                            .build()))
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
