package io.flotilla.identity.token;

import java.time.Duration;

/**
 * Which tokens are believed.
 *
 * @param issuer   the exact "iss"
 * @param audience one of the token's "aud"
 * @param leeway   by which clocks may differ
 */
public record TokenPolicy(String issuer, String audience, Duration leeway) {
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    public TokenPolicy {
        if (issuer.isEmpty() || audience.isEmpty() || leeway.isNegative()) {
            throw new IllegalArgumentException("a token policy needs an issuer, an audience and a leeway of 0 or more");
        }
    }
}
