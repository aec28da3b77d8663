package io.flotilla.service.fetch;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The end of everything that one fetch does. */
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left, at least 1. */
    int millis() throws IOException {
        long left = (nanos - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("it took too long");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
