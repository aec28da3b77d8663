package io.flotilla.e2e.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a fixed rate, whatever the answers take (open loop), half of them on connections that are kept, half on new
 * ones. Nothing is retried: every call that was begun is counted as what came of it. Only a machine that cannot keep up,
 * with so many calls under way as no other ever has, is called half as often from then on: the load is to leave it the
 * time for what it is watched at.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 32;
    private static final int SLOWEST = 10;
    private static final long POLL_NANOS = 10_000_000;

    private final Supplier<Call> calls;
    private final Semaphore slots = new Semaphore(MOST_UNDER_WAY);
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final ConcurrentLinkedQueue<HttpConnection> idle = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread pacer;

    private SteadyLoad(int perSecond, Supplier<Call> calls) {
        this.calls = calls;
        this.pacer = Thread.ofPlatform().name("steady-load").start(() -> pace(perSecond));
    }

    /** Starts at once; ends with {@link #stop()}, or with the test that it is a resource of. */
    public static SteadyLoad start(int perSecond, Supplier<Call> calls) {
        return new SteadyLoad(perSecond, calls);
    }

    /** Calls answered so far. */
    public int answered() {
        return answers.size();
    }

    /** Begins no more calls, waits for those under way, and returns all answers. */
    public List<Answer> stop() {
        running.set(false);
        try {
            pacer.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
        idle.forEach(SteadyLoad::closeQuietly);
        return List.copyOf(answers);
    }

    @Override
    public void close() {
        stop();
    }

    private void pace(int perSecond) {
        long gap = Duration.ofSeconds(1).dividedBy(perSecond).toNanos();
        long longest = gap * SLOWEST;
        long next = System.nanoTime();
        long count = 0;
        while (running.get()) {
            if (!slots.tryAcquire()) {
                gap = Math.min(2 * gap, longest);
                awaitHalf();
                next = System.nanoTime();
                continue;
            }
            boolean fresh = count++ % 2 == 0;
            Call call = calls.get();
            workers.execute(() -> {
                answers.add(fresh ? HttpConnection.once(call) : onKeptConnection(call));
                slots.release();
            });
            next += gap;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void awaitHalf() {
        while (running.get() && slots.availablePermits() < MOST_UNDER_WAY / 2) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Answer onKeptConnection(Call call) {
        long start = System.nanoTime();
        HttpConnection connection = idle.poll();
        try {
            if (connection == null) {
                connection = HttpConnection.open(call.host(), call.port());
            }
            Answer answer = connection.send(call);
            if (connection.usable()) {
                idle.add(connection);
            } else {
                closeQuietly(connection);
            }
            return answer;
        } catch (IOException e) {
            closeQuietly(connection);
            return new Answer(
                    0, "", Instant.now() + ", kept connection: " + e, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static void closeQuietly(@Nullable HttpConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                // A connection that cannot be closed is gone already.
            }
        }
    }
}
