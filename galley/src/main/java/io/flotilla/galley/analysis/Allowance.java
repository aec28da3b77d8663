package io.flotilla.galley.analysis;

/**
 * How much time something may take that looks at everything, whatever has changed: a small share of a processor in the
 * long run, and more at once after a time in which little was done, so that who edits now and then waits for nothing.
 * Pure: times in nanoseconds, of any clock that only grows.
 */
final class Allowance {
    private static final long SHARE = 300;
    private static final long SAVED_NANOS = 1_000_000_000L;
    private static final long LONGEST_REST_NANOS = 60_000_000_000L;

    private long left = SAVED_NANOS;
    private long at;

    /** @param now from when on it counts */
    Allowance(long now) {
        this.at = now;
    }

    /**
     * What began and ended then has been done.
     *
     * @return from when on more of it may be done: at once, or after a rest of a minute at most
     */
    long spent(long start, long end) {
        long saved = Math.min(SAVED_NANOS, left + (end - at) / SHARE);
        left = Math.max(saved - (end - start), -LONGEST_REST_NANOS / SHARE);
        at = end;
        return left >= 0 ? end : end - left * SHARE;
    }
}
