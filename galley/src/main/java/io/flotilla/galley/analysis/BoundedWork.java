package io.flotilla.galley.analysis;

import io.flotilla.config.model.Diagnostic;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Work that nobody waits for longer than its budget: one thread does it, piece after piece; what was found until then
 * is the result. A piece whose time is over before its turn is not begun.
 */
final class BoundedWork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BoundedWork.class.getName());
    private static final int WAITING = 100;

    private final Duration budget;
    private final ThreadPoolExecutor worker;

    BoundedWork(String name, Duration budget) {
        this.budget = budget;
        this.worker = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Finds something; asks now and then whether there is still time. */
    interface Work {
        void run(Consumer<Diagnostic> found, BooleanSupplier more);
    }

    /** What was found in time. */
    List<Diagnostic> within(Work work) {
        Queue<Diagnostic> found = new ConcurrentLinkedQueue<>();
        AtomicBoolean open = new AtomicBoolean(true);
        CountDownLatch done = new CountDownLatch(1);
        try {
            worker.execute(() -> {
                try {
                    if (open.get()) {
                        work.run(found::add, open::get);
                    }
                } catch (RuntimeException e) {
                    // A mistake of a check costs its warnings, and nothing else.
                    LOG.log(System.Logger.Level.WARNING, "analysis of an object in a review failed", e);
                } finally {
                    done.countDown();
                }
            });
            if (!done.await(budget.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.log(System.Logger.Level.DEBUG, "analysis of an object in a review took more than {0}", budget);
            }
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "more reviews than can be analysed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.set(false);
        return List.copyOf(found);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
