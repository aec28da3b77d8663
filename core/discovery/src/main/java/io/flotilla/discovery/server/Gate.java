package io.flotilla.discovery.server;

import java.time.Duration;

/** Waits for the answer to a response, but not for ever: one that is overdue is not waited for again. */
final class Gate {
    private static final long OPEN = Long.MIN_VALUE;

    private final long patience;
    private long since = OPEN;
    private long givenUp;

    Gate(Duration patience) {
        this.patience = patience.toNanos();
    }

    /**
     * Whether to wait on.
     *
     * @param awaited the newest response without an answer, 0 for none
     * @param now     in nanoseconds of the stream's clock
     */
    boolean closed(long awaited, long now) {
        if (awaited <= givenUp) {
            since = OPEN;
            return false;
        }
        if (since == OPEN) {
            since = now;
        }
        if (now - since < patience) {
            return true;
        }
        givenUp = awaited;
        since = OPEN;
        return false;
    }

    /** When to look again, in nanoseconds of the stream's clock; {@link Long#MAX_VALUE} while open. */
    long deadline() {
        return since == OPEN ? Long.MAX_VALUE : since + patience;
    }
}
