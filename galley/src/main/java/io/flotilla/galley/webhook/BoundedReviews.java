package io.flotilla.galley.webhook;

import io.flotilla.service.https.ReviewServer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs reviews on virtual threads, few at a time, so that a flood of large objects does not fill the memory. */
final class BoundedReviews implements ReviewServer.Running {
    private final int most;
    private final Semaphore running;
    private final AtomicInteger known = new AtomicInteger();

    /**
     * Nothing runs yet.
     *
     * @param atOnce that run
     * @param most   that run or wait; more are turned away
     */
    BoundedReviews(int atOnce, int most) {
        this.running = new Semaphore(atOnce);
        this.most = most;
    }

    @Override
    public void run(Runnable review) {
        if (known.incrementAndGet() > most) {
            known.decrementAndGet();
            throw new RejectedExecutionException("more than " + most + " reviews");
        }
        Thread.ofVirtual().name("review").start(() -> {
            running.acquireUninterruptibly();
            try {
                review.run();
            } finally {
                running.release();
                known.decrementAndGet();
            }
        });
    }
}
