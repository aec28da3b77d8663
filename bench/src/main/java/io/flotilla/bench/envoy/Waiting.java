package io.flotilla.bench.envoy;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, for 30 s. */
public final class Waiting {
    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final long STEP_NANOS = 200_000;

    private Waiting() {}

    /** The milliseconds that it took. */
    public static double until(String what, Callable<Boolean> condition) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IllegalStateException("not within 30 s: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Not yet: a port that nobody listens on, a connection that was closed.
            return false;
        }
    }
}
