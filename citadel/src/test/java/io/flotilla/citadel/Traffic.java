package io.flotilla.citadel;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Calls one after the other, until it is closed. */
final class Traffic implements AutoCloseable {
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final Thread thread;
    private volatile boolean running = true;

    Traffic(Callable<String> call) {
        thread = Thread.ofPlatform().start(() -> {
            while (running) {
                String said = outcome(call);
                calls.incrementAndGet();
                if (!said.equals("ok")) {
                    failures.add(Instant.now() + " " + said);
                }
                LockSupport.parkNanos(5_000_000);
            }
        });
    }

    /** What the call says, or why there is no answer. */
    static String outcome(Callable<String> call) {
        try {
            return call.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    int calls() {
        return calls.get();
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
