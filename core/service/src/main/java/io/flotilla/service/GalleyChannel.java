package io.flotilla.service;

import io.grpc.ManagedChannel;
import org.jspecify.annotations.Nullable;

/** The channel to Galley that a setting names. */
public final class GalleyChannel {
    private static final String PLAINTEXT = "xds://";
    private static final String TLS = "xds+tls://";

    private GalleyChannel() {}

    /**
     * Opens it; it connects when it is used.
     *
     * @param config    xds://HOST:PORT in plaintext, or xds+tls://HOST:PORT with mutual TLS, which needs an identity
     * @param namespace of the control plane
     */
    public static ManagedChannel open(String config, String namespace, @Nullable CurrentIdentity identity) {
        if (config.startsWith(PLAINTEXT)) {
            return GrpcChannels.plaintext(HostPort.parse(config.substring(PLAINTEXT.length())))
                    .build();
        }
        if (!config.startsWith(TLS)) {
            throw new IllegalArgumentException(
                    "flotilla.config is \"" + config + "\" but must be xds://HOST:PORT or xds+tls://HOST:PORT");
        }
        if (identity == null) {
            throw new IllegalArgumentException(
                    "flotilla.config is \"" + config + "\" but there is no identity: set flotilla.identity.citadel");
        }
        return GrpcChannels.tls(
                        HostPort.parse(config.substring(TLS.length())),
                        "istio-galley." + namespace + ".svc",
                        MeshTls.client(identity))
                .build();
    }
}
