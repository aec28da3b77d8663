package io.flotilla.service;

import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a call, by its verified certificate. */
public final class PeerIdentity {
    /** The caller, inside a method that {@link AllowedPeers} guards. */
    public static final Context.Key<SpiffeId> CALLER = Context.key("caller");

    private PeerIdentity() {}

    /** The peer's certificate, empty on plaintext and for a peer that showed none. */
    public static Optional<X509Certificate> certificate(ServerCall<?, ?> call) {
        return certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    }

    /** The peer's certificate of a session, empty where there is no session or it showed none. */
    static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
        if (session == null) {
            return Optional.empty();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? Optional.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** The peer's SPIFFE id: the only URI of its certificate. */
    public static Optional<SpiffeId> of(ServerCall<?, ?> call) {
        return certificate(call).flatMap(Certificates::spiffeId);
    }

    /** All URIs of its certificate. */
    public static List<String> uris(ServerCall<?, ?> call) {
        return certificate(call).map(Certificates::uris).orElse(List.of());
    }
}
