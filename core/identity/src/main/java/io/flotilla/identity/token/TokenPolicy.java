package io.flotilla.identity.token;

import io.flotilla.identity.ServiceAccount;
import java.time.Duration;
import java.util.Map;

/**
 * Which tokens are believed, and whom they name.
 *
 * @param issuer   the exact "iss"
 * @param audience one of the token's "aud"
 * @param leeway   by which clocks may differ
 * @param subjects how a subject becomes a service account
 */
public record TokenPolicy(String issuer, String audience, Duration leeway, Subjects subjects) {
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    public TokenPolicy {
        if (issuer.isEmpty() || audience.isEmpty() || leeway.isNegative()) {
            throw new IllegalArgumentException("a token policy needs an issuer, an audience and a leeway of 0 or more");
        }
    }

    /** For the tokens that Kubernetes projects into pods. */
    public TokenPolicy(String issuer, String audience, Duration leeway) {
        this(issuer, audience, leeway, new Subjects.Kubernetes());
    }

    /** Whom a token names. */
    public sealed interface Subjects {
        /** The service account of the claim "kubernetes.io", which the subject must repeat. */
        record Kubernetes() implements Subjects {}

        /** Another issuer's subjects, each named here; all others are nobody. */
        record Named(Map<String, ServiceAccount> accounts) implements Subjects {
            public Named {
                accounts = Map.copyOf(accounts);
            }
        }
    }
}
