package io.flotilla.e2e.mesh;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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

    /**
     * Asks, by a command, until the answer is as wanted, and returns that answer.
     *
     * <p>To be used for each answer after a change of policy, and not for the first alone: another server hears of it
     * later, and a connection that was open when its server's rules changed is answered once more by those of before
     * (Envoy drains it then), of which a client has some for each of its threads.
     *
     * @throws AssertionError with what was to be and the last answer if it does not come within the limit
     */
    public static String answered(Duration limit, String what, Supplier<String> question, Predicate<String> wanted) {
        String[] last = {""};
        holdsSlowly(limit, () -> what + ", and not: " + last[0], () -> {
            last[0] = question.get();
            return wanted.test(last[0]);
        });
        return last[0];
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
