package io.flotilla.envoy.tls;

import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.bootstrap.SdsConfig;
import java.util.List;

/**
 * TLS between members of the mesh: both sides show the workload's certificate and check the other against the mesh's
 * roots.
 *
 * <p>The client's ALPN marks mesh TLS, so that a server tells it from an application's own TLS. A sidecar's server side
 * never chooses a protocol (its HTTP codec looks at the first bytes); "h2" is offered for servers that do choose, such as
 * Mixer.
 */
public final class MeshTls {
    /** Marks TCP inside mesh TLS. */
    public static final String ALPN_TCP = "istio";

    /** Marks HTTP/1 inside mesh TLS. */
    public static final String ALPN_HTTP = "istio-http/1.1";

    /** Marks HTTP/2 inside mesh TLS. */
    public static final String ALPN_HTTP2 = "istio-h2";

    /** All marks of HTTP. */
    public static final List<String> HTTP = List.of(ALPN_HTTP, ALPN_HTTP2);

    /** All marks of the mesh. */
    public static final List<String> ALL = List.of(ALPN_TCP, ALPN_HTTP, ALPN_HTTP2);

    private static final String NAME = "envoy.transport_sockets.tls";

    private MeshTls() {}

    /** What a client offers for TCP. */
    public static List<String> offerTcp() {
        return List.of(ALPN_TCP);
    }

    /** What a client offers for HTTP/1. */
    public static List<String> offerHttp() {
        return List.of(ALPN_HTTP, "http/1.1");
    }

    /** What a client offers for HTTP/2. */
    public static List<String> offerHttp2() {
        return List.of(ALPN_HTTP2, "h2");
    }

    /**
     * The client's side.
     *
     * @param sni   of the service
     * @param peers expected SPIFFE identities; empty: any of the mesh, and of no other
     * @param alpn  what is offered
     * @param other whether members of other meshes are among the peers
     */
    public static TransportSocket client(String sni, List<String> peers, List<String> alpn, boolean other) {
        CertificateValidationContext.Builder expected = CertificateValidationContext.newBuilder();
        peers.forEach(peer -> expected.addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                .setSanType(SubjectAltNameMatcher.SanType.URI)
                .setMatcher(StringMatcher.newBuilder().setExact(peer))));
        UpstreamTlsContext context = UpstreamTlsContext.newBuilder()
                .setSni(sni)
                .setCommonTlsContext(CommonTlsContext.newBuilder()
                        .setTlsParams(versions())
                        .addAllAlpnProtocols(alpn)
                        .addTlsCertificateSdsSecretConfigs(SdsConfig.certificate())
                        .setCombinedValidationContext(CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                                .setDefaultValidationContext(expected)
                                .setValidationContextSdsSecretConfig(
                                        other ? SdsConfig.federatedRoots() : SdsConfig.roots())))
                .build();
        return socket(context);
    }

    /**
     * The server's side: a certificate of the mesh is required of every client. Meshes that share a root tell each
     * other's members by their trust domain, so that is looked at too.
     *
     * @param members whose identities are let in
     */
    public static TransportSocket serverSide(Members members) {
        CertificateValidationContext.Builder expected = CertificateValidationContext.newBuilder();
        members.domains()
                .forEach(domain -> expected.addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                        .setSanType(SubjectAltNameMatcher.SanType.URI)
                        .setMatcher(StringMatcher.newBuilder().setPrefix("spiffe://" + domain + "/"))));
        return TransportSocket.newBuilder()
                .setName(NAME)
                .setTypedConfig(Wire.any(DownstreamTlsContext.newBuilder()
                        .setRequireClientCertificate(Wire.yes())
                        // A session that is taken up again shows no certificate that could be looked up in a list.
                        .setDisableStatelessSessionResumption(true)
                        .setDisableStatefulSessionResumption(true)
                        .setCommonTlsContext(CommonTlsContext.newBuilder()
                                .setTlsParams(versions())
                                .addTlsCertificateSdsSecretConfigs(SdsConfig.certificate())
                                .setCombinedValidationContext(
                                        CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                                                .setDefaultValidationContext(expected)
                                                .setValidationContextSdsSecretConfig(
                                                        members.federated()
                                                                ? SdsConfig.federatedRoots()
                                                                : SdsConfig.roots())))
                        .build()))
                .build();
    }

    private static TlsParameters versions() {
        return TlsParameters.newBuilder()
                .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
                .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
                .build();
    }

    private static TransportSocket socket(UpstreamTlsContext context) {
        return TransportSocket.newBuilder()
                .setName(NAME)
                .setTypedConfig(Wire.any(context))
                .build();
    }
}
