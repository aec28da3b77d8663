package io.flotilla.discovery.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: twice as long each time, 50 to 100 % of that, so that a fleet spreads. */
final class BackOff {
    private static final int DOUBLINGS = 20;

    private final long min;
    private final long max;
    private final RandomGenerator random;
    private int tries;

    BackOff(Duration min, Duration max, RandomGenerator random) {
        this.min = min.toNanos();
        this.max = max.toNanos();
        this.random = random;
    }

    void reset() {
        tries = 0;
    }

    long nextNanos() {
        long full = Math.min(max, min << Math.min(tries++, DOUBLINGS));
        return full / 2 + random.nextLong(full / 2 + 1);
    }
}
