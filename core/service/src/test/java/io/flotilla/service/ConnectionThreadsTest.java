package io.flotilla.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionThreadsTest {
    private final ConnectionThreads threads = new ConnectionThreads();

    @Test
    void whatComesAfterAllWaitsForEachOfThem() throws InterruptedException {
        List<Executor> loops = threads.all();
        AtomicInteger done = new AtomicInteger();
        AtomicBoolean tooEarly = new AtomicBoolean();
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        loops.subList(1, loops.size()).forEach(loop -> loop.execute(done::incrementAndGet));
        loops.getFirst().execute(() -> {
            await(last);
            done.incrementAndGet();
        });
        threads.afterAll(() -> {
            tooEarly.set(done.get() < loops.size());
            told.countDown();
        });
        last.countDown();
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(tooEarly).isFalse();
        threads.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
