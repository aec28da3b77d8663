package io.flotilla.pilot;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.ServiceAccountToken;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tokens of service accounts in the namespace default, and calls that show them. */
final class Tokens {
    private Tokens() {}

    static String of(LocalTokenIssuer issuer, String account, String audience) {
        return of(issuer, account, audience, Optional.empty());
    }

    static String of(LocalTokenIssuer issuer, String account, String audience, Optional<ServiceAccountToken.Pod> pod) {
        return of(issuer, account, audience, pod, Instant.now());
    }

    static String of(
            LocalTokenIssuer issuer,
            String account,
            String audience,
            Optional<ServiceAccountToken.Pod> pod,
            Instant at) {
        return issuer.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount("default", account), pod, audience, Duration.ofMinutes(10)),
                at,
                new SecureRandom());
    }

    static ClientInterceptor bearer(String token) {
        Metadata headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }
}
