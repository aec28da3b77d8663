package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.service.Backoff;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks one blocking query again and again, on a thread of its own, until it is closed. */
final class ConsulWatch implements AutoCloseable {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30));
    /** Consul may answer at once each time, when much changes: no more than ten answers a second. */
    private static final Duration BREATH = Duration.ofMillis(100);

    private final ConsulApi api;
    private final String path;
    private final Duration blocking;
    private final Told told;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final SecureRandom random = new SecureRandom();
    private final Thread thread;

    /** What is told of a query. */
    record Told(Consumer<JsonNode> changed, Runnable answered, Consumer<String> failed) {}

    ConsulWatch(ConsulApi api, String path, Duration blocking, Told told) {
        this.api = api;
        this.path = path;
        this.blocking = blocking;
        this.told = told;
        this.thread = Thread.ofVirtual().name("consul " + path).start(this::run);
    }

    private void run() {
        CatalogIndex index = CatalogIndex.START;
        int failures = 0;
        Duration pause;
        do {
            try {
                ConsulApi.Page page = api.get(path, index, blocking);
                failures = 0;
                told.answered().run();
                if (!index.unchangedBy(page.index())) {
                    told.changed().accept(page.body());
                }
                index = index.after(page.index());
                pause = BREATH;
            } catch (ConsulFailure e) {
                failures++;
                // Who was away may have been restored meanwhile: what it has is asked for, not what is newer.
                index = CatalogIndex.START;
                pause = BACKOFF.after(failures, random);
                told.failed().accept(String.valueOf(e.getMessage()));
            }
        } while (!isClosedWithin(pause));
    }

    private boolean isClosedWithin(Duration wait) {
        try {
            return closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
