package io.flotilla.pilot.push;

import io.flotilla.pilot.feed.MeshState;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Brings states of the mesh to the views, one round at a time on a thread of its own; states that wait are merged. */
public final class Rounds implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Rounds.class.getName());
    private static final Duration AGING = Duration.ofMinutes(1);

    private final Views views;
    private final Runnable after;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().daemon().name("rounds").unstarted(this::run);
    private final LongAdder failed = new LongAdder();
    private @Nullable MeshState pending;
    private long lastTook;
    private long lastEnd = System.nanoTime();

    public Rounds(Views views) {
        this(views, () -> {});
    }

    /**
     * Rounds that others wait for.
     *
     * @param after runs when the views have heard of a state
     */
    public Rounds(Views views, Runnable after) {
        this.views = views;
        this.after = after;
    }

    public void start() {
        thread.start();
    }

    /** A new state; it takes the place of one that still waits. */
    public void submit(MeshState state) {
        lock.lock();
        try {
            MeshState before = pending;
            pending = before == null ? state : state.after(before);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many states could not be translated. */
    public long failed() {
        return failed.sum();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                MeshState state = next();
                long start = System.nanoTime();
                if (state == null) {
                    views.age();
                } else {
                    advance(state);
                }
                lastEnd = System.nanoTime();
                lastTook = lastEnd - start;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A state that cannot be translated must not end all that come after it.
    private void advance(MeshState state) {
        try {
            views.advance(state);
            after.run();
        } catch (RuntimeException e) {
            failed.increment();
            LOG.log(Level.ERROR, "generation " + state.generation() + " could not be translated", e);
        }
    }

    // Null where nothing came for a while.
    private @Nullable MeshState next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = AGING.toNanos();
            while (pending == null && left > 0) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        long wait = Pace.STANDARD.wait(System.nanoTime() - lastEnd, lastTook);
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
        lock.lockInterruptibly();
        try {
            MeshState state = pending;
            pending = null;
            return state;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
