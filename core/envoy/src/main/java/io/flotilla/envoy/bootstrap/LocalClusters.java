package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.v3.Percent;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The static clusters that stay in the pod: Envoy's own admin interface and the probed ports of applications. */
final class LocalClusters {
    /** Envoy's admin interface, under its classic name. */
    static final String ADMIN = "prometheus_stats";

    /** The admin interface too; its one endpoint is healthy once clusters and listeners have arrived. */
    static final String CONFIGURED = "configured";

    // Statistics that were never touched are left out, so that both names are there only after both have arrived.
    private static final String ARRIVALS =
            "/stats?usedonly&filter=^(cluster_manager.cds|listener_manager.lds).update_success$";

    private LocalClusters() {}

    static List<Cluster> of(BootstrapSettings settings) {
        Address admin = settings.listeners().admin();
        Map<String, Cluster> clusters = new TreeMap<>();
        clusters.put(ADMIN, StaticClusters.of(ADMIN, admin).build());
        clusters.put(CONFIGURED, configured(admin));
        for (AppProbe probe : settings.probes()) {
            clusters.put(name(probe), probed(probe, settings.tuning().probeSource()));
        }
        return List.copyOf(clusters.values());
    }

    /** The cluster of a probe: probes of the same kind and target share one. */
    static String name(AppProbe probe) {
        return switch (probe) {
            case AppProbe.Http http -> (http.tls() ? "probe-https|" : "probe-http|") + http.target();
            case AppProbe.Tcp tcp -> "probe-tcp|" + tcp.target();
            case AppProbe.Grpc grpc -> "probe-grpc|" + grpc.target() + "|" + grpc.service();
        };
    }

    private static Cluster probed(AppProbe probe, Optional<String> source) {
        Cluster.Builder cluster = StaticClusters.of(name(probe), probe.target());
        source.ifPresent(address -> cluster.setUpstreamBindConfig(BindConfig.newBuilder()
                .setSourceAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(0))));
        switch (probe) {
            case AppProbe.Http http -> {
                cluster.putTypedExtensionProtocolOptions(StaticClusters.HTTP_OPTIONS, Any.pack(oneRequestEach()));
                if (http.tls()) {
                    cluster.setTransportSocket(unverified());
                }
            }
            case AppProbe.Tcp tcp ->
                checked(
                        cluster,
                        check(tcp.period()).setTcpHealthCheck(HealthCheck.TcpHealthCheck.getDefaultInstance()));
            case AppProbe.Grpc grpc -> {
                cluster.putTypedExtensionProtocolOptions(StaticClusters.HTTP_OPTIONS, Any.pack(http2()));
                checked(
                        cluster,
                        check(grpc.period())
                                .setGrpcHealthCheck(
                                        HealthCheck.GrpcHealthCheck.newBuilder().setServiceName(grpc.service())));
            }
        }
        return cluster.build();
    }

    private static Cluster configured(Address admin) {
        HealthCheck.HttpHealthCheck arrivals = HealthCheck.HttpHealthCheck.newBuilder()
                .setPath(ARRIVALS)
                .addReceive(payload("cluster_manager.cds.update_success"))
                .addReceive(payload("listener_manager.lds.update_success"))
                .build();
        return checked(
                        StaticClusters.of(CONFIGURED, admin),
                        check(Durations.fromMillis(200))
                                .setNoTrafficHealthyInterval(Durations.fromSeconds(30))
                                .setHttpHealthCheck(arrivals))
                .build();
    }

    // Envoy takes a payload to look for in hexadecimal.
    private static HealthCheck.Payload payload(String text) {
        return HealthCheck.Payload.newBuilder()
                .setText(HexFormat.of()
                        .formatHex(ByteString.copyFrom(text, StandardCharsets.UTF_8)
                                .toByteArray()))
                .build();
    }

    // No panic threshold: otherwise the only endpoint would count as healthy when it is not.
    private static Cluster.Builder checked(Cluster.Builder cluster, HealthCheck.Builder check) {
        return cluster.addHealthChecks(check)
                .setCommonLbConfig(
                        Cluster.CommonLbConfig.newBuilder().setHealthyPanicThreshold(Percent.getDefaultInstance()));
    }

    private static HealthCheck.Builder check(Duration period) {
        return HealthCheck.newBuilder()
                .setTimeout(Durations.fromSeconds(1))
                .setInterval(period)
                .setNoTrafficInterval(period)
                .setHealthyThreshold(UInt32Value.of(1))
                .setUnhealthyThreshold(UInt32Value.of(1));
    }

    // A kept connection might be closed by the application just when the next probe uses it.
    private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions oneRequestEach() {
        return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
                .setCommonHttpProtocolOptions(
                        HttpProtocolOptions.newBuilder().setMaxRequestsPerConnection(UInt32Value.of(1)))
                .setExplicitHttpConfig(
                        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig
                                .newBuilder()
                                .setHttpProtocolOptions(
                                        io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions.getDefaultInstance()))
                .build();
    }

    private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions http2() {
        return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(
                        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig
                                .newBuilder()
                                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                .build();
    }

    private static TransportSocket unverified() {
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(UpstreamTlsContext.getDefaultInstance()))
                .build();
    }
}
