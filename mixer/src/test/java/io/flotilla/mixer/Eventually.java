package io.flotilla.mixer;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what must come to hold. */
final class Eventually {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Eventually() {}

    /** The first value that is as wanted; fails with the last one that was not. */
    static <T> T get(Supplier<T> value, Predicate<T> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T last = value.get();
        while (!wanted.test(last)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after " + PATIENCE + " still " + last);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            last = value.get();
        }
        return last;
    }
}
