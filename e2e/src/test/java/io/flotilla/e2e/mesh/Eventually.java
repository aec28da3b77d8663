package io.flotilla.e2e.mesh;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, never for time. */
public final class Eventually {
    private static final Duration POLL = Duration.ofMillis(50);
    /** A command is a process of its own: asked all the time it would be the load that is measured. */
    private static final Duration SLOW_POLL = Duration.ofMillis(700);

    private Eventually() {}

    /**
     * Returns once the condition holds.
     *
     * @throws AssertionError with the description if the condition does not hold within the limit
     */
    public static void holds(Duration limit, Supplier<String> description, BooleanSupplier condition) {
        poll(limit, POLL, description, condition);
    }

    /** As {@link #holds}, for conditions that run commands. */
    public static void holdsSlowly(Duration limit, Supplier<String> description, BooleanSupplier condition) {
        poll(limit, SLOW_POLL, description, condition);
    }

    private static void poll(Duration limit, Duration gap, Supplier<String> description, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + description.get());
            }
            LockSupport.parkNanos(gap.toNanos());
        }
    }
}
