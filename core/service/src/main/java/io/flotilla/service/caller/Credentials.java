package io.flotilla.service.caller;

import io.flotilla.service.PeerIdentity;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a call brings to prove who it is.
 *
 * @param authorization the header's value, empty where there is none
 * @param certificate   the client's, as TLS verified it
 */
public record Credentials(String authorization, Optional<X509Certificate> certificate) {
    public static final Credentials NONE = new Credentials("", Optional.empty());
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "bearer ";

    /** Of a call. */
    public static Credentials of(ServerCall<?, ?> call, Metadata headers) {
        String authorization = headers.get(AUTHORIZATION);
        return new Credentials(authorization == null ? "" : authorization, PeerIdentity.certificate(call));
    }

    /** The bearer token, empty where there is none. */
    public Optional<String> bearer() {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(authorization.substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
