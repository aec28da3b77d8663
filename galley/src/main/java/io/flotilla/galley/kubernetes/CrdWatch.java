package io.flotilla.galley.kubernetes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** Tells that CRDs came, changed or went; which ones, discovery will say. Without the right to watch them it is silent. */
final class CrdWatch {
    private static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?";

    private final ClusterClient client;
    private final Runnable changed;
    private final BooleanSupplier closed;
    private final Duration lasts;

    CrdWatch(ClusterClient client, Runnable changed, BooleanSupplier closed, Duration lasts) {
        this.client = client;
        this.changed = changed;
        this.closed = closed;
        this.lasts = lasts;
    }

    void start() {
        Thread.ofVirtual().name("watch CRDs").start(this::run);
    }

    private void run() {
        int failures = 0;
        try {
            while (!closed.getAsBoolean()) {
                Thread.sleep(Backoff.delay(failures, Math.random()));
                failures = watch() ? 1 : failures + 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on, without a list: what was before is known to discovery. True: it lasted. */
    private boolean watch() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        boolean[] opened = new boolean[1];
        ClusterClient.Lines lines = new ClusterClient.Lines() {
            @Override
            public void opened(int status, String error) {
                opened[0] = status == 200;
                if (status != 200) {
                    over.countDown();
                }
            }

            @Override
            public void line(String line) {
                changed.run();
            }

            @Override
            public void ended(String error) {
                over.countDown();
            }
        };
        try (ClusterClient.Stream _ = client.open(PATH + "watch=true&timeoutSeconds=" + lasts.toSeconds(), lines)) {
            over.await(lasts.toSeconds() + 15, java.util.concurrent.TimeUnit.SECONDS);
        }
        return opened[0];
    }
}
