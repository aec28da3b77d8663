package io.flotilla.mixer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an event that must be kept. */
class AuditTrailTest {
    private static final Duration PATIENCE = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private final List<AuditEvent> written = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private volatile boolean there = true;
    private int tries;

    private final Confirmed kafka = new Confirmed() {
        @Override
        public void write(AuditEvent event) throws Unconfirmed {
            tries++;
            if (!there) {
                throw new Unconfirmed(new IOException("no broker"));
            }
            written.add(event);
        }

        @Override
        public void close() {}
    };

    private AuditTrail trail(@Nullable Outbox disk) {
        return new AuditTrail(kafka, disk, 1, PATIENCE, nanos::get);
    }

    private static AuditEvent event(String actor) {
        return AuditEvent.newBuilder().setActor(actor).build();
    }

    private Outbox outbox(long cap) throws IOException {
        return new Outbox(folder, cap, problem -> {
            throw new AssertionError(problem);
        });
    }

    @Test
    void itIsKeptWhenKafkaHasIt() throws Exception {
        assertThat(trail(null).keep(event("a"))).isEqualTo(new AuditTrail.Kept.Yes());
        assertThat(written).containsExactly(event("a"));
    }

    @Test
    void withoutKafkaTheDiskHasItAndKafkaIsTriedOnceInAWhile() throws Exception {
        try (Outbox disk = outbox(1_000_000)) {
            AuditTrail trail = trail(disk);
            there = false;
            for (int i = 0; i < 5; i++) {
                assertThat(trail.keep(event("a" + i))).isEqualTo(new AuditTrail.Kept.Yes());
            }
            assertThat(tries).isEqualTo(1);
            assertThat(trail.totals()).isEqualTo(new AuditTrail.Totals(0, 5, 0));
            assertThat(disk.next(10, Duration.ZERO).records()).hasSize(5);

            there = true;
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(trail.keep(event("b"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(trail.keep(event("c"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(written).containsExactly(event("b"), event("c"));
        }
    }

    @Test
    void whereNothingMayWaitItIsRefused() throws Exception {
        there = false;
        AuditTrail trail = trail(null);
        assertThat(trail.keep(event("a"))).isInstanceOf(AuditTrail.Kept.No.class);
        assertThat(trail.totals()).isEqualTo(new AuditTrail.Totals(0, 0, 1));
    }

    @Test
    void aFullDiskRefuses() throws Exception {
        there = false;
        try (Outbox disk = outbox(30)) {
            AuditTrail trail = trail(disk);
            assertThat(trail.keep(event("a"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(trail.keep(event("b"))).isInstanceOf(AuditTrail.Kept.No.class);
            assertThat(disk.next(10, Duration.ZERO).records()).hasSize(1);
            assertThat(disk.dropped()).as("whoever asked was told").isZero();
        }
    }

    @Test
    void noMoreWaitThanMay() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AuditTrail trail = new AuditTrail(
                new Confirmed() {
                    @Override
                    public void write(AuditEvent event) throws InterruptedException {
                        inside.countDown();
                        go.await();
                    }

                    @Override
                    public void close() {}
                },
                null,
                1,
                PATIENCE,
                nanos::get);
        Thread first = Thread.ofVirtual().start(() -> {
            try {
                trail.keep(event("a"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        inside.await();
        assertThat(trail.keep(event("b"))).isInstanceOf(AuditTrail.Kept.No.class);
        go.countDown();
        first.join();
        assertThat(trail.totals()).isEqualTo(new AuditTrail.Totals(1, 0, 1));
    }
}
