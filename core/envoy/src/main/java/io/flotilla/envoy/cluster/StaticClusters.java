package io.flotilla.envoy.cluster;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.ExtraSourceAddress;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Ingress;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.Conduct;
import java.time.Duration;

/** Clusters that no service has: what passes through, what ends, and the application beside the proxy. */
public final class StaticClusters {
    /**
     * Source address of a proxy's connections to its own application: the rules of capture know it and leave the replies
     * alone.
     */
    private static final String INBOUND_SOURCE = "127.0.0.6";
    // The only address of IPv6 that a pod has on its loopback.
    private static final String INBOUND_SOURCE_V6 = "::1";

    private static final String LOOPBACK = "127.0.0.1";

    private StaticClusters() {}

    /**
     * The settings of the mesh that clusters of the application depend on.
     *
     * @param loopback the application listens on the loopback interface; else where the caller's connection went
     * @param preserve headers keep their case
     * @param statName under which Envoy counts; empty for the cluster's own
     */
    public record Mesh(Duration connectTimeout, boolean classic, boolean loopback, String statName, boolean preserve) {
        /** What MeshConfig says for a port of the application, which callers reach by this operation. */
        public static Mesh of(Scope scope, String operation, int port) {
            MeshConfig mesh = scope.snapshot().meshConfig();
            return new Mesh(
                    scope.settings().connectTimeout(),
                    scope.settings().classic(),
                    mesh.getInboundTrafficPolicy().getMode() == MeshConfig.InboundTrafficPolicy.Mode.LOCALHOST,
                    StatNames.inbound(mesh.getInboundClusterStatName(), operation, port),
                    Conduct.preservesCase(mesh));
        }
    }

    /** To the address that the caller asked for. */
    public record Passthrough(Duration connectTimeout) {
        public Cluster build() {
            Cluster.Builder cluster = originalDestination(Names.PASSTHROUGH, connectTimeout);
            Protocols.named(cluster, Protocol.AUTO);
            return cluster.build();
        }
    }

    /** To a port of the application that no service declares. */
    public record InboundPassthrough(Duration connectTimeout, Families families) {
        public Cluster build() {
            return originalDestination(Names.INBOUND_PASSTHROUGH, connectTimeout)
                    .setUpstreamBindConfig(source(families))
                    .build();
        }
    }

    /**
     * To a declared port of the application.
     *
     * @param ingress what a Sidecar says of it
     */
    public record Inbound(int port, Protocol protocol, Ingress ingress, Capture capture, Mesh mesh) {
        public Cluster build() {
            Cluster.Builder cluster = discover();
            Protocols.application(cluster, protocol, ingress.pool(), mesh.preserve());
            cluster.setAltStatName(mesh.statName());
            if (!ingress.pool().equals(ConnectionPoolSettings.getDefaultInstance())) {
                ConnectionPools.apply(
                        cluster,
                        TrafficPolicy.newBuilder()
                                .setConnectionPool(ingress.pool())
                                .build(),
                        mesh.classic());
            }
            return cluster.build();
        }

        private Cluster.Builder discover() {
            String name = Names.inbound(port);
            String endpoint = ingress.endpoint();
            int colon = endpoint.lastIndexOf(':');
            if (endpoint.startsWith("unix://")) {
                return fixed(name, endpoint, 0);
            }
            String host = colon < 0 ? "" : endpoint.substring(0, colon);
            int target = colon < 0 ? port : Integer.parseInt(endpoint.substring(colon + 1));
            if (host.equals("127.0.0.1") || host.equals("[::1]")) {
                return fixed(name, host.startsWith("[") ? "::1" : host, target);
            }
            return switch (capture) {
                case Capture.Redirect redirect -> {
                    if (mesh.loopback()) {
                        yield fixed(name, LOOPBACK, target);
                    }
                    Cluster.Builder passed = originalDestination(name, mesh.connectTimeout())
                            .setUpstreamBindConfig(source(redirect.families()));
                    if (target != port) {
                        passed.setOriginalDstLbConfig(
                                Cluster.OriginalDstLbConfig.newBuilder().setUpstreamPortOverride(Wire.number(target)));
                    }
                    yield passed;
                }
                case Capture.Explicit explicit -> fixed(name, explicit.application(), target);
            };
        }

        private Cluster.Builder fixed(String name, String address, int number) {
            return Cluster.newBuilder()
                    .setName(name)
                    .setType(Cluster.DiscoveryType.STATIC)
                    .setConnectTimeout(Durations.fromNanos(mesh.connectTimeout().toNanos()))
                    .setLoadAssignment(at(name, address, number));
        }
    }

    /** To what stands beside an edge: "127.0.0.1:PORT" or "unix://PATH". */
    public record EdgeDefault(String endpoint, Duration connectTimeout) {
        public Cluster build() {
            String name = Names.edgeDefault(endpoint);
            boolean socket = endpoint.startsWith("unix://");
            int colon = endpoint.lastIndexOf(':');
            return Cluster.newBuilder()
                    .setName(name)
                    .setType(Cluster.DiscoveryType.STATIC)
                    .setConnectTimeout(Durations.fromNanos(connectTimeout.toNanos()))
                    .setLoadAssignment(
                            socket
                                    ? at(name, endpoint, 0)
                                    : at(
                                            name,
                                            endpoint.substring(0, colon),
                                            Integer.parseInt(endpoint.substring(colon + 1))))
                    .build();
        }
    }

    /** A collector of the mesh that is no service of the registry: a name and a port, in plaintext. */
    public record Collector(
            String name, String host, int port, Protocol protocol, Duration connectTimeout, CollectorLink link) {
        public Cluster build() {
            Cluster.Builder cluster = Cluster.newBuilder()
                    .setName(name)
                    .setType(Cluster.DiscoveryType.STRICT_DNS)
                    .setConnectTimeout(Durations.fromNanos(connectTimeout.toNanos()))
                    .setLoadAssignment(at(name, host, port));
            Protocols.named(cluster, protocol);
            link.apply(cluster, host, protocol == Protocol.GRPC);
            return cluster.build();
        }
    }

    /** The cluster without endpoints. */
    public record BlackHole(Duration connectTimeout) {
        public Cluster build() {
            return Cluster.newBuilder()
                    .setName(Names.BLACK_HOLE)
                    .setType(Cluster.DiscoveryType.STATIC)
                    .setConnectTimeout(Durations.fromNanos(connectTimeout.toNanos()))
                    .build();
        }
    }

    private static Cluster.Builder originalDestination(String name, Duration connectTimeout) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.ORIGINAL_DST)
                .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
                .setCircuitBreakers(ConnectionPools.unlimited())
                .setConnectTimeout(Durations.fromNanos(connectTimeout.toNanos()));
    }

    // Envoy takes the one that is of the application's family.
    private static BindConfig source(Families families) {
        BindConfig.Builder source = BindConfig.newBuilder()
                .setSourceAddress(SocketAddress.newBuilder()
                        .setAddress(families == Families.V6 ? INBOUND_SOURCE_V6 : INBOUND_SOURCE)
                        .setPortValue(0));
        if (families == Families.BOTH) {
            source.addExtraSourceAddresses(ExtraSourceAddress.newBuilder()
                    .setAddress(SocketAddress.newBuilder()
                            .setAddress(INBOUND_SOURCE_V6)
                            .setPortValue(0)));
        }
        return source.build();
    }

    private static ClusterLoadAssignment at(String name, String host, int port) {
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(name)
                .addEndpoints(LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(Wire.address(host, port)))))
                .build();
    }
}
