package io.flotilla.envoy.bootstrap;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * The static clusters that lead out of the pod: to Pilot, to Citadel, and at a gateway to the service beside it. Citadel
 * is checked against the root file and gets the pod's token as a bearer; Pilot gets the certificate that Citadel gave.
 */
final class ControlPlaneClusters {
    static final String PILOT = "xds-grpc";
    private static final int PLENTY = 100_000;

    private ControlPlaneClusters() {}

    static List<Cluster> of(BootstrapSettings settings) {
        List<Cluster> clusters = new ArrayList<>();
        ControlPlane controlPlane = settings.controlPlane();
        controlPlane.identity().ifPresent(identity -> clusters.add(citadel(identity)));
        clusters.add(pilot(controlPlane));
        settings.edgeSecrets()
                .ifPresent(edge -> clusters.add(grpc(StaticClusters.fixed(SdsConfig.GATEWAY_CLUSTER, edge.toEnvoy()))
                        .build()));
        return List.copyOf(clusters);
    }

    private static Cluster pilot(ControlPlane controlPlane) {
        Cluster.Builder cluster =
                grpc(StaticClusters.of(PILOT, controlPlane.pilot().address()));
        if (controlPlane.identity().isPresent()) {
            String name = controlPlane.pilot().name();
            cluster.setTransportSocket(tls(
                    name,
                    CommonTlsContext.newBuilder()
                            .addTlsCertificateSdsSecretConfigs(SdsConfig.certificate())
                            .setCombinedValidationContext(
                                    CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                                            .setDefaultValidationContext(named(name))
                                            .setValidationContextSdsSecretConfig(SdsConfig.roots()))));
        }
        return cluster.build();
    }

    private static Cluster citadel(ControlPlane.Identity identity) {
        String name = identity.citadel().name();
        IdentityFiles files = identity.files();
        CommonTlsContext.Builder context = CommonTlsContext.newBuilder()
                .setCombinedValidationContext(CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                        .setDefaultValidationContext(named(name))
                        .setValidationContextSdsSecretConfig(
                                SdsConfig.file("root", files.rootDescription(), files.rootDirectory())));
        return StaticClusters.of(SdsConfig.CITADEL_CLUSTER, identity.citadel().address())
                .setTransportSocket(tls(name, context))
                .setCircuitBreakers(plenty())
                .setUpstreamConnectionOptions(keepalive())
                .putTypedExtensionProtocolOptions(
                        StaticClusters.HTTP_OPTIONS,
                        Any.pack(http2().addHttpFilters(filter("envoy.filters.http.credential_injector", bearer(files)))
                                .addHttpFilters(
                                        filter("envoy.filters.http.upstream_codec", UpstreamCodec.getDefaultInstance()))
                                .build()))
                .build();
    }

    // As a TypedStruct, since the Java API is older than the field header_value_prefix of Generic.
    private static CredentialInjector bearer(IdentityFiles files) {
        Struct.Builder source = struct(
                "path_config_source",
                struct("path", text(files.tokenDescription()))
                        .putFields("watched_directory", value(struct("path", text(files.tokenDirectory())))));
        Struct.Builder token = struct("header_value_prefix", text("Bearer "))
                .putFields(
                        "credential",
                        value(struct("name", text("token"))
                                .putFields("sds_config", value(source.putFields("resource_api_version", text("V3"))))));
        TypedStruct generic = TypedStruct.newBuilder()
                .setTypeUrl("type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic")
                .setValue(token)
                .build();
        return CredentialInjector.newBuilder()
                .setOverwrite(true)
                .setCredential(TypedExtensionConfig.newBuilder()
                        .setName("envoy.http.injected_credentials.generic")
                        .setTypedConfig(Any.pack(generic)))
                .build();
    }

    private static Struct.Builder struct(String key, Value value) {
        return Struct.newBuilder().putFields(key, value);
    }

    private static Struct.Builder struct(String key, Struct.Builder value) {
        return struct(key, value(value));
    }

    private static Value value(Struct.Builder struct) {
        return Value.newBuilder().setStructValue(struct).build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Cluster.Builder grpc(Cluster.Builder cluster) {
        return cluster.setCircuitBreakers(plenty())
                .setUpstreamConnectionOptions(keepalive())
                .putTypedExtensionProtocolOptions(StaticClusters.HTTP_OPTIONS, Any.pack(http2().build()));
    }

    private static HttpProtocolOptions.Builder http2() {
        KeepaliveSettings ping = KeepaliveSettings.newBuilder()
                .setInterval(Durations.fromSeconds(30))
                .setTimeout(Durations.fromSeconds(10))
                .build();
        return HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(
                                Http2ProtocolOptions.newBuilder().setConnectionKeepalive(ping)));
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static TransportSocket tls(String serverName, CommonTlsContext.Builder context) {
        context.setTlsParams(TlsParameters.newBuilder()
                .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
                .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3));
        context.addAlpnProtocols("h2");
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(UpstreamTlsContext.newBuilder()
                        .setSni(serverName)
                        .setCommonTlsContext(context)
                        .build()))
                .build();
    }

    private static CertificateValidationContext named(String dnsName) {
        return CertificateValidationContext.newBuilder()
                .addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                        .setSanType(SubjectAltNameMatcher.SanType.DNS)
                        .setMatcher(StringMatcher.newBuilder().setExact(dnsName)))
                .build();
    }

    private static CircuitBreakers plenty() {
        UInt32Value limit = UInt32Value.of(PLENTY);
        return CircuitBreakers.newBuilder()
                .addThresholds(CircuitBreakers.Thresholds.newBuilder()
                        .setMaxConnections(limit)
                        .setMaxPendingRequests(limit)
                        .setMaxRequests(limit))
                .build();
    }

    private static UpstreamConnectionOptions keepalive() {
        return UpstreamConnectionOptions.newBuilder()
                .setTcpKeepalive(TcpKeepalive.newBuilder().setKeepaliveTime(UInt32Value.of(300)))
                .build();
    }
}
