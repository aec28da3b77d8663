package io.flotilla.envoy.cluster;

import com.google.protobuf.Struct;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.tls.MeshTls;
import io.flotilla.envoy.tls.OriginatedTls;
import io.flotilla.envoy.tls.TlsDefaults;
import java.util.List;

/** Whether a cluster speaks TLS, and which (DestinationRule trafficPolicy.tls, else automatic mutual TLS). */
final class TransportSockets {
    private static final TransportSocket PLAIN = TransportSocket.newBuilder()
            .setName("envoy.transport_sockets.raw_buffer")
            .setTypedConfig(Wire.any(RawBuffer.getDefaultInstance()))
            .build();

    private TransportSockets() {}

    static void apply(Cluster.Builder cluster, OutboundCluster input, TrafficPolicy policy) {
        if (policy.hasTls()) {
            ordered(cluster, input, policy);
        } else if (input.mesh().autoMtls() && !input.target().external()) {
            automatic(cluster, input, policy);
        }
        if (policy.hasProxyProtocol()) {
            announced(cluster, policy.getProxyProtocol());
        }
    }

    // The header with the client's address goes before everything else, so it is around whatever socket there is.
    private static void announced(Cluster.Builder cluster, TrafficPolicy.ProxyProtocol settings) {
        if (cluster.getTransportSocketMatchesCount() > 0) {
            cluster.getTransportSocketMatchesBuilderList()
                    .forEach(match -> match.setTransportSocket(announced(match.getTransportSocket(), settings)));
        } else {
            TransportSocket inner = cluster.hasTransportSocket() ? cluster.getTransportSocket() : PLAIN;
            cluster.setTransportSocket(announced(inner, settings));
        }
    }

    private static TransportSocket announced(TransportSocket inner, TrafficPolicy.ProxyProtocol settings) {
        ProxyProtocolConfig.Version version = settings.getVersion() == TrafficPolicy.ProxyProtocol.VERSION.V2
                ? ProxyProtocolConfig.Version.V2
                : ProxyProtocolConfig.Version.V1;
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.upstream_proxy_protocol")
                .setTypedConfig(Wire.any(ProxyProtocolUpstreamTransport.newBuilder()
                        .setConfig(ProxyProtocolConfig.newBuilder().setVersion(version))
                        .setTransportSocket(inner)
                        .build()))
                .build();
    }

    private static void ordered(Cluster.Builder cluster, OutboundCluster input, TrafficPolicy policy) {
        ClientTLSSettings tls = policy.getTls();
        switch (tls.getMode()) {
            case ISTIO_MUTUAL -> cluster.setTransportSocket(mesh(input, policy));
            case SIMPLE, MUTUAL ->
                cluster.setTransportSocket(TlsDefaults.of(input.mesh().config())
                        .other(OriginatedTls.of(
                                sniOr(tls, input),
                                input.target().names(),
                                Protocols.http2(
                                        input.target().port().protocol(),
                                        policy.getConnectionPool().getHttp()),
                                input.credentials())));
            case DISABLE, UNRECOGNIZED -> {
                // Plaintext is what a cluster without a socket speaks.
            }
        }
    }

    private static ClientTLSSettings sniOr(ClientTLSSettings tls, OutboundCluster input) {
        boolean name = !input.target().host().startsWith("*");
        return tls.getSni().isEmpty() && input.target().external() && name
                ? tls.toBuilder().setSni(input.target().host()).build()
                : tls;
    }

    // The endpoint's metadata decides, so that a pod with or without sidecar changes no cluster.
    private static void automatic(Cluster.Builder cluster, OutboundCluster input, TrafficPolicy policy) {
        if (cluster.getType() == Cluster.DiscoveryType.ORIGINAL_DST || cluster.hasClusterType()) {
            if (input.reach().endpoints().stream().anyMatch(MeshEndpoint::meshTls)) {
                cluster.setTransportSocket(mesh(input, policy));
            }
            return;
        }
        cluster.addTransportSocketMatches(Cluster.TransportSocketMatch.newBuilder()
                .setName("tlsMode-istio")
                .setMatch(Wire.struct("tlsMode", "istio"))
                .setTransportSocket(mesh(input, policy)));
        cluster.addTransportSocketMatches(Cluster.TransportSocketMatch.newBuilder()
                .setName("tlsMode-disabled")
                .setMatch(Struct.getDefaultInstance())
                .setTransportSocket(PLAIN));
    }

    private static TransportSocket mesh(OutboundCluster input, TrafficPolicy policy) {
        ClientTLSSettings tls = policy.getTls();
        OutboundCluster.Target target = input.target();
        String usual =
                target.suite() ? target.host() : Names.sni(target.port().number(), input.subset(), target.host());
        String sni = tls.getSni().isEmpty() ? usual : tls.getSni();
        List<String> peers = tls.getSubjectAltNamesCount() > 0
                ? tls.getSubjectAltNamesList()
                : input.reach().peers();
        return TlsDefaults.of(input.mesh().config())
                .mesh(MeshTls.client(
                        sni,
                        peers,
                        alpn(
                                target.port().protocol(),
                                policy.getConnectionPool().getHttp()),
                        peers.stream()
                                .anyMatch(peer -> elsewhere(peer, input.mesh().config()))));
    }

    /** Of a trust domain that MeshConfig gives roots of its own. */
    private static boolean elsewhere(String peer, MeshConfig mesh) {
        return mesh.getCaCertificatesList().stream()
                .map(MeshConfig.CertificateData::getTrustDomainsList)
                .flatMap(List::stream)
                .anyMatch(domain -> peer.startsWith("spiffe://" + domain + "/"));
    }

    // An unnamed port's requests say so themselves (AlpnOverride), what remains is TCP.
    private static List<String> alpn(Protocol protocol, ConnectionPoolSettings.HTTPSettings settings) {
        if (!protocol.isHttp()) {
            return MeshTls.offerTcp();
        }
        return Protocols.http2(protocol, settings) ? MeshTls.offerHttp2() : MeshTls.offerHttp();
    }
}
