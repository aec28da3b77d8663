package io.flotilla.bookinfo.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a server is doing, so that it can tell when it is quiet. */
public final class Activity {
    private static final long PAUSE_MILLIS = 20;

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private volatile boolean draining;

    public void begins() {
        underWay.incrementAndGet();
        last.set(System.nanoTime());
    }

    public void ends() {
        last.set(System.nanoTime());
        underWay.decrementAndGet();
    }

    /** Whether the server is about to stop, so that clients should not come back on the same connection. */
    public boolean draining() {
        return draining;
    }

    /** Waits until nothing was under way for the quiet time, or until the limit. */
    public void awaitQuiet(Drain drain) {
        long start = System.nanoTime();
        last.set(start);
        draining = true;
        while (!quietFor(drain.quiet().toNanos())
                && System.nanoTime() - start < drain.limit().toNanos()) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean quietFor(long nanos) {
        return underWay.get() == 0 && System.nanoTime() - last.get() >= nanos;
    }
}
