package io.flotilla.gateway;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.envoy.bootstrap.Address;
import java.util.Optional;

/** A listener of a test: one route to "upstream-PORT" on loopback. */
final class EdgeListener {
    private static final String UPSTREAM = "upstream-";

    private EdgeListener() {}

    static Listener from(Listener base, Address address, String target, String prefix) {
        try {
            HttpConnectionManager.Builder manager =
                    base
                            .getFilterChains(0)
                            .getFilters(0)
                            .getTypedConfig()
                            .unpack(HttpConnectionManager.class)
                            .toBuilder();
            manager.setStatPrefix("edge");
            manager.getRouteConfigBuilder().getVirtualHostsBuilder(0).clearRoutes();
            manager.getRouteConfigBuilder()
                    .getVirtualHostsBuilder(0)
                    .addRoutes(Route.newBuilder()
                            .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                            .setRoute(RouteAction.newBuilder()
                                    .setCluster(target.startsWith(UPSTREAM) ? target : "prometheus_stats")
                                    .setTimeout(Durations.ZERO)));
            Listener.Builder listener = base.toBuilder()
                    .setName(target)
                    .setAddress(io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                            .setSocketAddress(socket(address.host(), address.port())));
            listener.getFilterChainsBuilder(0).getFiltersBuilder(0).setTypedConfig(Any.pack(manager.build()));
            return listener.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Passes connections on as they are, to "upstream-PORT" on loopback. */
    static Listener passing(Listener base, Address address, String target) {
        Listener.Builder listener = base.toBuilder()
                .setName(target)
                .setAddress(io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                        .setSocketAddress(socket(address.host(), address.port())));
        listener.getFilterChainsBuilder(0)
                .clearFilters()
                .addFilters(Filter.newBuilder()
                        .setName("envoy.filters.network.tcp_proxy")
                        .setTypedConfig(Any.pack(proxy(target))));
        return listener.build();
    }

    // A bootstrap has no such filter of its own, so its JSON does not know the type.
    private static TypedStruct proxy(String cluster) {
        return TypedStruct.newBuilder()
                .setTypeUrl("type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")
                .setValue(Struct.newBuilder()
                        .putFields(
                                "stat_prefix",
                                Value.newBuilder().setStringValue("edge").build())
                        .putFields(
                                "cluster",
                                Value.newBuilder().setStringValue(cluster).build()))
                .build();
    }

    static Optional<Cluster> cluster(Listener listener) {
        String name = listener.getName();
        if (!name.startsWith(UPSTREAM)) {
            return Optional.empty();
        }
        Endpoint endpoint = Endpoint.newBuilder()
                .setAddress(io.envoyproxy.envoy.config.core.v3.Address.newBuilder()
                        .setSocketAddress(socket("127.0.0.1", Integer.parseInt(name.substring(UPSTREAM.length())))))
                .build();
        return Optional.of(Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.STATIC)
                .setLoadAssignment(ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .addEndpoints(LocalityLbEndpoints.newBuilder()
                                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint))))
                .build());
    }

    private static SocketAddress socket(String host, int port) {
        return SocketAddress.newBuilder().setAddress(host).setPortValue(port).build();
    }
}
