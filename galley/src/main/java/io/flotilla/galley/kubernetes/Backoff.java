package io.flotilla.galley.kubernetes;

import java.time.Duration;

/** How long to wait before the next attempt. */
final class Backoff {
    private static final long FIRST_MILLIS = 200;
    private static final long MAX_MILLIS = 30_000;
    private static final int MAX_DOUBLINGS = 8;

    private Backoff() {}

    /**
     * Doubles with each failure up to 30 s; between half and the whole of it, so that not all come back at once.
     *
     * @param failures in a row; none: no wait
     * @param chance   from 0 to 1
     */
    static Duration delay(int failures, double chance) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        long whole = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(failures - 1, MAX_DOUBLINGS));
        return Duration.ofMillis(whole / 2 + Math.round(whole / 2.0 * chance));
    }
}
