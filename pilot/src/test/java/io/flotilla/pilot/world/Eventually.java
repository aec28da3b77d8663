package io.flotilla.pilot.world;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for a condition, not for a time. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Eventually() {}

    /**
     * Comes back when a value is good.
     *
     * @throws AssertionError where none was in time
     */
    public static <T> void until(Callable<T> value, Predicate<T> good) throws Exception {
        T last = get(value, good);
        if (!good.test(last)) {
            throw new AssertionError("not within " + LIMIT.toSeconds() + " s; at last: " + last);
        }
    }

    /** The first value that is good; the last one where the time is up, for whoever asserts what it is. */
    public static <T> T get(Callable<T> value, Predicate<T> good) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            T now = value.call();
            if (good.test(now) || System.nanoTime() > end) {
                return now;
            }
            Thread.sleep(20);
        }
    }
}
