package io.flotilla.envoy.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings.TCPSettings.TcpKeepalive;
import io.flotilla.envoy.tls.CredentialServer;
import io.flotilla.envoy.tls.MeshTls;
import io.flotilla.envoy.tls.OriginatedTls;
import io.flotilla.envoy.tls.TlsDefaults;
import java.util.List;

/**
 * How a proxy connects to a collector that ProxyConfig names.
 *
 * @param tls       mode DISABLE for plaintext
 * @param keepalive of TCP; the system's where it says nothing
 * @param defaults  of the mesh
 */
public record CollectorLink(ClientTLSSettings tls, TcpKeepalive keepalive, TlsDefaults defaults) {
    /** Nothing is said. */
    public static final CollectorLink NONE = new CollectorLink(
            ClientTLSSettings.getDefaultInstance(),
            TcpKeepalive.getDefaultInstance(),
            TlsDefaults.of(MeshConfig.getDefaultInstance()));

    /** What is said in a mesh. */
    public static CollectorLink of(ClientTLSSettings tls, TcpKeepalive keepalive, MeshConfig mesh) {
        boolean nothing = tls.equals(NONE.tls()) && keepalive.equals(NONE.keepalive());
        return nothing ? NONE : new CollectorLink(OriginatedTls.settled(tls, false), keepalive, TlsDefaults.of(mesh));
    }

    /** A server outside of the mesh must have a certificate for the host, as which it is asked for too. */
    void apply(Cluster.Builder cluster, String host, boolean http2) {
        ClientTLSSettings named =
                tls.getSni().isEmpty() ? tls.toBuilder().setSni(host).build() : tls;
        switch (tls.getMode()) {
            case SIMPLE, MUTUAL ->
                cluster.setTransportSocket(
                        defaults.other(OriginatedTls.of(named, List.of(host), http2, CredentialServer.NOBODY)));
            case ISTIO_MUTUAL ->
                cluster.setTransportSocket(defaults.mesh(MeshTls.client(
                        named.getSni(),
                        tls.getSubjectAltNamesList(),
                        http2 ? MeshTls.offerHttp2() : MeshTls.offerHttp(),
                        false)));
            case DISABLE, UNRECOGNIZED -> {
                // Plaintext is what a cluster without a socket speaks.
            }
        }
        if (!keepalive.equals(NONE.keepalive())) {
            cluster.setUpstreamConnectionOptions(
                    UpstreamConnectionOptions.newBuilder().setTcpKeepalive(ConnectionPools.keepalive(keepalive)));
        }
    }
}
