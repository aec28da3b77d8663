package io.flotilla.pilot.push;

import java.time.Duration;

/**
 * When to translate after a change. A change after a quiet time goes out at once; under churn a round waits as long as
 * the last one took, within bounds, so that changes gather and half of the time stays free.
 *
 * @param quiet after this long without a round the next one does not wait
 * @param most  the longest wait
 */
record Pace(Duration quiet, Duration most) {
    static final Pace STANDARD = new Pace(Duration.ofMillis(20), Duration.ofMillis(200));

    /**
     * Nanoseconds to wait before the next round.
     *
     * @param sinceLast nanoseconds since the end of the last round
     * @param lastTook  nanoseconds that it took, until what it brought was sent
     */
    long wait(long sinceLast, long lastTook) {
        if (sinceLast >= quiet.toNanos() && sinceLast >= lastTook) {
            return 0;
        }
        return Math.max(0, Math.min(most.toNanos(), lastTook) - sinceLast);
    }
}
