package io.flotilla.identity.issue;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.TrustDomain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * What Citadel signs.
 *
 * @param trustDomain   of every identity
 * @param serverNames   DNS names by service account
 * @param lifetimes     default and longest
 * @param issuerEnd     the end of the signing certificate
 * @param backdate      how long before now a certificate begins, for peers whose clock is behind
 */
public record IssuancePolicy(
        TrustDomain trustDomain, ServerNames serverNames, Lifetimes lifetimes, Instant issuerEnd, Duration backdate) {
    private static final int EPOCH_CHARS = 16;

    /** Peers may be this far behind: Istio's own value. */
    public static final Duration BACKDATE = Duration.ofMinutes(2);

    /**
     * What of this policy shows in the account's certificates, as 16 hexadecimal digits: while it stays the same, a
     * certificate that was issued before is still what would be issued now.
     */
    public String epoch(ServiceAccount account) {
        String content = String.join(
                "\n",
                trustDomain.name(),
                String.join(",", serverNames.of(account)),
                lifetimes.usual().toString());
        return KeyForms.fingerprint(content.getBytes(StandardCharsets.UTF_8)).substring(0, EPOCH_CHARS);
    }

    /** The same policy with another signing certificate. */
    public IssuancePolicy endingAt(Instant end) {
        return new IssuancePolicy(trustDomain, serverNames, lifetimes, end, backdate);
    }

    /** Both positive, the default not above the longest. */
    public record Lifetimes(Duration usual, Duration longest) {
        public Lifetimes {
            if (usual.toSeconds() < 1 || usual.compareTo(longest) > 0) {
                throw new IllegalArgumentException("certificate lifetime " + usual + " of at most " + longest);
            }
        }
    }
}
