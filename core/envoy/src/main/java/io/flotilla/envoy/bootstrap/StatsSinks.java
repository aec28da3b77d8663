package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.metrics.v3.MetricsServiceConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsSink;
import io.envoyproxy.envoy.config.metrics.v3.StatsdSink;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.mesh.v1alpha1.RemoteService;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.envoy.cluster.ConnectionPools;
import io.flotilla.envoy.tls.CredentialServer;
import io.flotilla.envoy.tls.OriginatedTls;
import java.util.List;
import java.util.Optional;

/** Where an Envoy sends its own statistics, beside answering who asks for them. */
final class StatsSinks {
    private static final String METRICS = "envoy_metrics_service";

    private StatsSinks() {}

    /** What a ProxyConfig says of them. */
    static void add(Bootstrap.Builder bootstrap, ProxyConfig proxy) {
        statsd(proxy)
                .ifPresent(address -> bootstrap.addStatsSinks(sink(
                        "envoy.stat_sinks.statsd",
                        StatsdSink.newBuilder().setAddress(address.toEnvoy()).build())));
        RemoteService service = metrics(proxy);
        if (!service.getAddress().isEmpty()) {
            bootstrap.getStaticResourcesBuilder().addClusters(cluster(service));
            bootstrap.addStatsSinks(sink(
                    "envoy.stat_sinks.metrics_service",
                    MetricsServiceConfig.newBuilder()
                            .setTransportApiVersion(ApiVersion.V3)
                            .setGrpcService(GrpcService.newBuilder()
                                    .setEnvoyGrpc(
                                            GrpcService.EnvoyGrpc.newBuilder().setClusterName(METRICS)))
                            .build()));
        }
    }

    // Envoy sends datagrams to addresses only; validation says so of names.
    private static Optional<Address> statsd(ProxyConfig proxy) {
        return proxy.getStatsdUdpAddress().isEmpty()
                ? Optional.empty()
                : Optional.of(Address.parse(proxy.getStatsdUdpAddress())).filter(Address::numeric);
    }

    @SuppressWarnings("deprecation") // what meshes of 1.1 have
    private static RemoteService metrics(ProxyConfig proxy) {
        RemoteService service = proxy.getEnvoyMetricsService();
        return service.getAddress().isEmpty()
                ? service.toBuilder()
                        .setAddress(proxy.getEnvoyMetricsServiceAddress())
                        .build()
                : service;
    }

    private static Cluster cluster(RemoteService service) {
        Address address = Address.parse(service.getAddress());
        Cluster.Builder cluster = StaticClusters.of(METRICS, address)
                .putTypedExtensionProtocolOptions(
                        StaticClusters.HTTP_OPTIONS,
                        Any.pack(HttpProtocolOptions.newBuilder()
                                .setExplicitHttpConfig(HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                                .build()));
        tls(service.getTlsSettings(), address).ifPresent(cluster::setTransportSocket);
        if (service.hasTcpKeepalive()) {
            cluster.setUpstreamConnectionOptions(UpstreamConnectionOptions.newBuilder()
                    .setTcpKeepalive(ConnectionPools.keepalive(service.getTcpKeepalive())));
        }
        return cluster.build();
    }

    private static Optional<TransportSocket> tls(ClientTLSSettings settings, Address address) {
        return switch (settings.getMode()) {
            case DISABLE, UNRECOGNIZED -> Optional.empty();
            case SIMPLE, MUTUAL ->
                Optional.of(OriginatedTls.of(
                        OriginatedTls.settled(settings, false),
                        List.of(address.host()),
                        true,
                        CredentialServer.NOBODY));
            case ISTIO_MUTUAL ->
                Optional.of(TransportSocket.newBuilder()
                        .setName("envoy.transport_sockets.tls")
                        .setTypedConfig(Any.pack(UpstreamTlsContext.newBuilder()
                                .setSni(settings.getSni())
                                .setCommonTlsContext(CommonTlsContext.newBuilder()
                                        .addAlpnProtocols("h2")
                                        .addTlsCertificateSdsSecretConfigs(SdsConfig.certificate())
                                        .setValidationContextSdsSecretConfig(SdsConfig.roots()))
                                .build()))
                        .build());
        };
    }

    private static StatsSink sink(String name, Message config) {
        return StatsSink.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }
}
