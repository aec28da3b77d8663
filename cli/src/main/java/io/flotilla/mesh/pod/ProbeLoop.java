package io.flotilla.mesh.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * When a probe is asked next, and what its answers add up to. Until the first success it is asked often, so that a
 * pod is ready when it can serve, not a period later.
 *
 * @param probe    what is asked
 * @param due      when next
 * @param failures in a row
 * @param passed   has answered well and not failed since
 */
record ProbeLoop(PodProbe probe, Instant due, int failures, boolean passed) {
    private static final Duration EAGER = Duration.ofMillis(200);

    static ProbeLoop begin(PodProbe probe, Instant now) {
        return new ProbeLoop(probe, now.plus(probe.delay()), 0, false);
    }

    /** Asks if it is time to. */
    ProbeLoop tick(Instant now, BooleanSupplier ask) {
        if (now.isBefore(due)) {
            return this;
        }
        if (ask.getAsBoolean()) {
            return new ProbeLoop(probe, now.plus(probe.period()), 0, true);
        }
        int failed = failures + 1;
        boolean still = passed && failed < probe.failures();
        return new ProbeLoop(probe, now.plus(passed ? probe.period() : EAGER), failed, still);
    }

    /** It has failed as often as it takes, counting only what came after the first success. */
    boolean exhausted() {
        return !passed && failures >= probe.failures();
    }
}
