package io.flotilla.citadel.secret;

import java.time.Duration;
import java.time.Instant;

/** When a certificate is replaced. */
final class RenewalPlan {
    /** Renewal falls between this and that share of a life, so that certificates of one moment do not renew together. */
    private static final double EARLIEST = 0.45;

    private static final double SPREAD = 0.1;

    private RenewalPlan() {}

    /**
     * About half way from now to the end.
     *
     * @param chance from 0 to 1
     */
    static Instant renewAt(Instant now, Instant notAfter, double chance) {
        Duration left = Duration.between(now, notAfter);
        return now.plusMillis(Math.round(left.toMillis() * (EARLIEST + SPREAD * chance)));
    }
}
