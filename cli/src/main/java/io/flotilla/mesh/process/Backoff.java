package io.flotilla.mesh.process;

import java.time.Duration;

/**
 * How long to wait before a process is started again.
 *
 * @param failures starts in a row that did not last
 */
public record Backoff(int failures) {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long FIRST_MILLIS = 100;
    /** A process that ran so long is taken to work: the next failure counts as the first. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    public static final Backoff FRESH = new Backoff(0);

    /** The state after a process ended that had run for {@code lifetime}. */
    public Backoff after(Duration lifetime) {
        return lifetime.compareTo(STEADY) >= 0 ? new Backoff(1) : new Backoff(failures + 1);
    }

    /** 100 ms, 200 ms, 400 ms, ... at most 10 s. */
    public Duration delay() {
        if (failures == 0) {
            return Duration.ZERO;
        }
        long millis = FIRST_MILLIS << Math.min(failures - 1, 10);
        Duration delay = Duration.ofMillis(millis);
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
