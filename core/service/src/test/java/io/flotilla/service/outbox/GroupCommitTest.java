package io.flotilla.service.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Those that wait for the disk at the same time share one force, and nobody is told yes before it. */
@Timeout(120)
class GroupCommitTest {
    private static final Outbox.Limits LIMITS = Outbox.Limits.of(1 << 30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final SlowDisk disk = new SlowDisk();

    @SuppressWarnings("NullAway.Init") // by open
    private Outbox outbox;

    /** Forces when it is allowed to. */
    private static final class SlowDisk implements Outbox.Force {
        private final Semaphore allowed = new Semaphore(0);
        private final Semaphore begun = new Semaphore(0);
        private final AtomicInteger forces = new AtomicInteger();
        private volatile @Nullable IOException failure;

        @Override
        public void force(FileChannel file) throws IOException {
            begun.release();
            allowed.acquireUninterruptibly();
            IOException problem = failure;
            if (problem != null) {
                throw problem;
            }
            file.force(false);
            forces.incrementAndGet();
        }
    }

    @BeforeEach
    void open() throws IOException {
        outbox = new Outbox(folder, LIMITS, problem -> {}, disk);
    }

    @AfterEach
    void close() throws IOException {
        disk.failure = null;
        disk.allowed.release(1_000);
        outbox.close();
        callers.shutdownNow();
    }

    private static OutboxRecord record(String key) {
        return new OutboxRecord("topic", key, ByteString.copyFromUtf8("value"));
    }

    private List<Future<Outbox.Kept>> keep(int many, String name) {
        List<Future<Outbox.Kept>> results = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Callable<Outbox.Kept> one = () -> outbox.keep(record(name));
            results.add(callers.submit(one));
        }
        return results;
    }

    private void awaitRecords(int many) throws Exception {
        while (outbox.next(10_000, Duration.ofSeconds(1)).records().size() < many) {
            Thread.onSpinWait();
        }
    }

    @Test
    void manyWaitForOneForceAndNobodyIsToldBefore() throws Exception {
        Future<Outbox.Kept> first = keep(1, "first").getFirst();
        disk.begun.acquire();
        List<Future<Outbox.Kept>> others = keep(100, "other");
        awaitRecords(101);
        assertThat(first.isDone()).isFalse();
        disk.allowed.release();
        assertThat(first.get()).isEqualTo(Outbox.Kept.YES);
        disk.begun.acquire();
        assertThat(others).noneMatch(Future::isDone);
        disk.allowed.release();
        for (Future<Outbox.Kept> other : others) {
            assertThat(other.get()).isEqualTo(Outbox.Kept.YES);
        }
        assertThat(disk.forces).hasValue(2);
        assertThat(outbox.forces()).isEqualTo(2);
    }

    @Test
    void whatTheDiskCouldNotForceIsToldToAllOfThatRoundAndTheNextBeginsANewFile() throws Exception {
        disk.failure = new IOException("input/output error");
        List<Future<Outbox.Kept>> failed = keep(1, "lost");
        disk.begun.acquire();
        failed.addAll(keep(10, "gathered"));
        awaitRecords(11);
        disk.allowed.release(2);
        for (Future<Outbox.Kept> each : failed) {
            assertThatThrownBy(each::get).hasMessageContaining("input/output error");
        }
        disk.failure = null;
        disk.allowed.release(1_000);
        assertThat(outbox.keep(record("next"))).isEqualTo(Outbox.Kept.YES);
        assertThat(folder.resolve("outbox-2")).exists();
    }

    @Test
    void anInterruptedCallerDoesNotCloseTheOutboxForOthers() throws Exception {
        disk.allowed.release(1_000);
        assertThat(outbox.keep(record("before"))).isEqualTo(Outbox.Kept.YES);
        Future<?> interrupted = callers.submit(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> outbox.keep(record("interrupted"))).isInstanceOf(IOException.class);
        });
        interrupted.get();
        assertThat(outbox.keep(record("after"))).isEqualTo(Outbox.Kept.YES);
        List<String> seen = new ArrayList<>();
        while (!seen.contains("after")) {
            Outbox.Batch batch = outbox.next(10, Duration.ofSeconds(1));
            batch.records().forEach(record -> seen.add(record.key()));
            outbox.done(batch);
        }
        assertThat(seen).startsWith("before").endsWith("after");
    }

    @Test
    void whoKeepsMuchDoesNotTakeTheRoomOfOthers() throws Exception {
        disk.allowed.release(1_000);
        Path shared = folder.resolve("shared");
        Outbox.Limits limits = new Outbox.Limits(4_000, 1_000, OutboxRecord::key);
        try (Outbox own = new Outbox(shared, limits, problem -> {})) {
            int kept = 0;
            while (own.keep(record("greedy")) == Outbox.Kept.YES) {
                kept++;
            }
            assertThat(kept).isBetween(10, 60);
            assertThat(own.keep(record("modest"))).isEqualTo(Outbox.Kept.YES);
        }
        try (Outbox again = new Outbox(shared, limits, problem -> {})) {
            assertThat(again.keep(record("greedy"))).as("after a restart").isEqualTo(Outbox.Kept.SHARE);
            assertThat(again.isDrained()).isFalse();
            again.done(again.next(10, Duration.ZERO));
            assertThat(again.keep(record("greedy"))).as("ten are gone").isEqualTo(Outbox.Kept.YES);
            while (!again.isDrained()) {
                again.done(again.next(1_000, Duration.ZERO));
            }
            assertThat(again.bytes()).isLessThan(100);
        }
    }
}
