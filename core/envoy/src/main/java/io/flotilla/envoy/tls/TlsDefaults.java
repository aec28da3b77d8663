package io.flotilla.envoy.tls;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.TLSConfig;
import io.flotilla.config.validate.KnownTls;
import io.flotilla.envoy.Wire;

/**
 * What MeshConfig asks of all TLS: between members of the mesh (meshMTLS), and of all other that proxies end or begin
 * (tlsDefaults), where a server says nothing itself.
 */
public record TlsDefaults(TLSConfig mesh, TLSConfig others) {
    /** Those of a mesh. */
    public static TlsDefaults of(MeshConfig mesh) {
        return new TlsDefaults(mesh.getMeshMTLS(), mesh.getTlsDefaults());
    }

    /** A socket of mesh TLS. */
    public TransportSocket mesh(TransportSocket socket) {
        return with(socket, mesh);
    }

    /** Another socket. */
    public TransportSocket other(TransportSocket socket) {
        return with(socket, others);
    }

    private static TransportSocket with(TransportSocket socket, TLSConfig asked) {
        if (asked.equals(TLSConfig.getDefaultInstance())) {
            return socket;
        }
        try {
            if (socket.getTypedConfig().is(DownstreamTlsContext.class)) {
                DownstreamTlsContext.Builder server =
                        socket.getTypedConfig().unpack(DownstreamTlsContext.class).toBuilder();
                apply(server.getCommonTlsContextBuilder().getTlsParamsBuilder(), asked);
                return socket.toBuilder()
                        .setTypedConfig(Wire.any(server.build()))
                        .build();
            }
            if (socket.getTypedConfig().is(UpstreamTlsContext.class)) {
                UpstreamTlsContext.Builder client =
                        socket.getTypedConfig().unpack(UpstreamTlsContext.class).toBuilder();
                apply(client.getCommonTlsContextBuilder().getTlsParamsBuilder(), asked);
                return socket.toBuilder()
                        .setTypedConfig(Wire.any(client.build()))
                        .build();
            }
            return socket;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a socket that was made here cannot be read", e);
        }
    }

    private static void apply(TlsParameters.Builder parameters, TLSConfig asked) {
        if (asked.getMinProtocolVersion() == TLSConfig.TLSProtocol.TLSV1_3) {
            parameters.setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3);
        }
        if (parameters.getCipherSuitesCount() == 0) {
            asked.getCipherSuitesList().stream()
                    .filter(KnownTls.ciphers()::contains)
                    .forEach(parameters::addCipherSuites);
        }
        if (parameters.getEcdhCurvesCount() == 0) {
            asked.getEcdhCurvesList().stream()
                    .filter(KnownTls.curves()::contains)
                    .forEach(parameters::addEcdhCurves);
        }
    }
}
