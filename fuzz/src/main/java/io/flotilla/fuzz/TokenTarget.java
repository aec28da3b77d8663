package io.flotilla.fuzz;

import io.flotilla.identity.token.Jwks;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.identity.token.TokenPolicy;
import io.flotilla.identity.token.TokenVerdict;
import io.flotilla.identity.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * A bearer token (RFC 7519) and a key set (RFC 7517) from a stranger. Always a verdict; and what the issuer did not sign
 * is never valid.
 */
public final class TokenTarget {
    private static final Jwks KEYS = keys();
    private static final TokenPolicy POLICY = new TokenPolicy(LocalTokenIssuer.ISSUER, "istio-ca", TokenPolicy.LEEWAY);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private TokenTarget() {}

    private static Jwks keys() {
        return Jwks.parse(LocalTokenIssuer.create(new SecureRandom()).jwks()).orElseThrow();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        refused(TokenVerifier.verify(text, KEYS, POLICY, NOW));
        Jwks.parse(text).ifPresent(own -> TokenVerifier.verify(text, own, POLICY, NOW));
    }

    private static void refused(TokenVerdict verdict) {
        if (verdict instanceof TokenVerdict.Valid) {
            throw new AssertionError("a token that nobody signed is valid");
        }
    }
}
