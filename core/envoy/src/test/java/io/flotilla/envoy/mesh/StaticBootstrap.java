package io.flotilla.envoy.mesh;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
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
        Map<String, Any> extensions = resources.extensions().stream()
                .collect(Collectors.toMap(TypedExtensionConfig::getName, TypedExtensionConfig::getTypedConfig));
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
            bootstrap.getStaticResourcesBuilder().addListeners(new Inline(routes, extensions).of(listener));
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

    /** What listeners would fetch is put into them. */
    private record Inline(Map<String, RouteConfiguration> routes, Map<String, Any> extensions) {
        Listener of(Listener listener) {
            Listener.Builder built = listener.toBuilder().clearFilterChains();
            listener.getFilterChainsList().forEach(chain -> built.addFilterChains(of(chain)));
            if (listener.hasDefaultFilterChain()) {
                built.setDefaultFilterChain(of(listener.getDefaultFilterChain()));
            }
            return built.build();
        }

        private FilterChain of(FilterChain chain) {
            FilterChain.Builder built = chain.toBuilder().clearFilters();
            chain.getFiltersList().forEach(filter -> built.addFilters(of(filter)));
            return built.build();
        }

        private Filter of(Filter filter) {
            if (filter.hasConfigDiscovery()) {
                return filter.toBuilder()
                        .setTypedConfig(extension(filter.getName()))
                        .build();
            }
            if (!filter.getTypedConfig().is(HttpConnectionManager.class)) {
                return filter;
            }
            try {
                HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
                return filter.toBuilder().setTypedConfig(Any.pack(of(manager))).build();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private HttpConnectionManager of(HttpConnectionManager manager) {
            HttpConnectionManager.Builder built = manager.toBuilder().clearHttpFilters();
            manager.getHttpFiltersList()
                    .forEach(filter -> built.addHttpFilters(
                            filter.hasConfigDiscovery()
                                    ? filter.toBuilder()
                                            .setTypedConfig(extension(filter.getName()))
                                            .build()
                                    : filter));
            if (manager.hasRds()) {
                String name = manager.getRds().getRouteConfigName();
                RouteConfiguration found = routes.get(name);
                if (found == null) {
                    throw new AssertionError("no routes " + name);
                }
                built.setRouteConfig(found);
            }
            return built.build();
        }

        private Any extension(String name) {
            Any found = extensions.get(name);
            if (found == null) {
                throw new AssertionError("no extension " + name);
            }
            return found;
        }
    }
}
