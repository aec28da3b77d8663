package io.flotilla.service;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: each twice the last up to a limit, spread over half of itself so that many who lost the same
 * server do not return at once.
 *
 * @param first of the waits
 * @param limit of the waits
 */
public record Backoff(Duration first, Duration limit) {
    private static final int MAX_DOUBLINGS = 20;

    /** Before attempt {@code failures + 1}; at least one failure. */
    public Duration after(int failures, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
        long most = Math.min(doubled, limit.toMillis());
        return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
    }
}
