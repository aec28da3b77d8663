package io.flotilla.pilot.push;

import io.flotilla.pilot.feed.MeshState;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings states of the mesh to the views, one round at a time on a thread of its own; states that wait are merged. */
public final class Rounds implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Rounds.class.getName());
    private static final Duration AGING = Duration.ofMinutes(1);

    private final Views views;
    private final Runnable after;
    private final Consumer<Runnable> sending;
    private final Pace pace;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition ends = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().daemon().name("rounds").unstarted(this::run);
    private final LongAdder failed = new LongAdder();
    private @Nullable MeshState pending;
    // What the last round brought is still being sent.
    private boolean busy;
    private long latest;
    private long lastTook;
    private long lastEnd = System.nanoTime();

    public Rounds(Views views) {
        this(views, () -> {}, Runnable::run);
    }

    /**
     * Rounds that others wait for.
     *
     * @param after   runs when the views have heard of a state
     * @param sending runs what it is given when streams have been told what a round brought
     */
    public Rounds(Views views, Runnable after, Consumer<Runnable> sending) {
        this(views, after, sending, Pace.STANDARD);
    }

    Rounds(Views views, Runnable after, Consumer<Runnable> sending, Pace pace) {
        this.views = views;
        this.after = after;
        this.sending = sending;
        this.pace = pace;
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
                begun(start);
                if (state == null) {
                    views.age();
                } else {
                    advance(state);
                }
                sending.accept(() -> ended(start));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begun(long start) {
        lock.lock();
        try {
            busy = true;
            latest = start;
        } finally {
            lock.unlock();
        }
    }

    private void ended(long start) {
        lock.lock();
        try {
            if (start == latest) {
                busy = false;
                lastEnd = System.nanoTime();
                lastTook = lastEnd - start;
                ends.signal();
            }
        } finally {
            lock.unlock();
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
            // What is made while the last round is still being sent only waits in line: the next may have more in it.
            left = pace.most().toNanos();
            while (busy && left > 0) {
                left = ends.awaitNanos(left);
            }
            left = busy ? 0 : pace.wait(System.nanoTime() - lastEnd, lastTook);
            while (left > 0) {
                left = ends.awaitNanos(left);
            }
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
