package io.flotilla.mixer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
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
        return trail(disk == null ? new AuditTrail.Away.Refuse() : new AuditTrail.Away.Spool(disk));
    }

    private AuditTrail trail(AuditTrail.Away away) {
        return new AuditTrail(kafka, away, new AuditTrail.Limits(1, 1, PATIENCE), nanos::get);
    }

    private static AuditTrail.Totals without(AuditTrail.Totals totals) {
        Map<AuditTrail.Refusal, Long> some = new EnumMap<>(AuditTrail.Refusal.class);
        totals.refused().forEach((why, count) -> {
            if (count > 0) {
                some.put(why, count);
            }
        });
        return new AuditTrail.Totals(totals.confirmed(), totals.spooled(), totals.permitted(), some, 0);
    }

    private static AuditTrail.Totals totals(long confirmed, long spooled, Map<AuditTrail.Refusal, Long> refused) {
        return new AuditTrail.Totals(confirmed, spooled, 0, refused, 0);
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
        assertThat(trail((Outbox) null).keep(event("a"))).isEqualTo(new AuditTrail.Kept.Yes());
        assertThat(written).containsExactly(event("a"));
    }

    @Test
    void withoutKafkaTheDiskHasItAndNothingOvertakesWhatWaits() throws Exception {
        try (Outbox disk = outbox(1_000_000)) {
            AuditTrail trail = trail(disk);
            there = false;
            for (int i = 0; i < 5; i++) {
                assertThat(trail.keep(event("a" + i))).isEqualTo(new AuditTrail.Kept.Yes());
            }
            assertThat(tries).as("the first waits for Kafka, the others do not").isEqualTo(1);

            there = true;
            assertThat(trail.keep(event("behind"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(without(trail.totals())).isEqualTo(totals(0, 6, Map.of()));
            Outbox.Batch waiting = disk.next(10, Duration.ZERO);
            assertThat(waiting.records()).hasSize(6);
            assertThat(written).isEmpty();
            disk.done(waiting);
            assertThat(disk.next(10, Duration.ZERO).records()).isEmpty();

            assertThat(trail.keep(event("b"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(trail.keep(event("c"))).isEqualTo(new AuditTrail.Kept.Yes());
            assertThat(written).containsExactly(event("b"), event("c"));
        }
    }

    @Test
    void withoutADiskKafkaIsTriedOnceInAWhile() throws Exception {
        AuditTrail trail = trail((Outbox) null);
        there = false;
        for (int i = 0; i < 5; i++) {
            assertThat(trail.keep(event("a"))).isInstanceOf(AuditTrail.Kept.No.class);
        }
        assertThat(tries).isEqualTo(1);
        there = true;
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(trail.keep(event("b"))).isEqualTo(new AuditTrail.Kept.Yes());
        assertThat(trail.keep(event("c"))).isEqualTo(new AuditTrail.Kept.Yes());
        assertThat(tries).isEqualTo(3);
    }

    @Test
    void whereItIsPermittedRequestsGoOnUnrecorded() throws Exception {
        AuditTrail trail = trail(new AuditTrail.Away.Permit());
        there = false;
        assertThat(trail.keep(event("a"))).isEqualTo(new AuditTrail.Kept.Later());
        assertThat(trail.totals().permitted()).isEqualTo(1);
        assertThat(trail.totals().allRefused()).isZero();
    }

    @Test
    void whereNothingMayWaitItIsRefused() throws Exception {
        there = false;
        AuditTrail trail = trail((Outbox) null);
        assertThat(trail.keep(event("a"))).isInstanceOf(AuditTrail.Kept.No.class);
        assertThat(without(trail.totals())).isEqualTo(totals(0, 0, Map.of(AuditTrail.Refusal.KAFKA_AWAY, 1L)));
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
    void whoCallsALotLeavesRoomForOthers() throws Exception {
        Semaphore inside = new Semaphore(0);
        CountDownLatch go = new CountDownLatch(1);
        Confirmed slow = new Confirmed() {
            @Override
            public void write(AuditEvent event) throws InterruptedException {
                inside.release();
                go.await();
            }

            @Override
            public void close() {}
        };
        AuditTrail trail = new AuditTrail(
                slow,
                new AuditTrail.Away.Refuse(),
                new AuditTrail.Limits(4, 2, Duration.ofMillis(50)),
                System::nanoTime);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<AuditTrail.Kept>> others = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                others.add(callers.submit(() -> trail.keep(from("greedy"))));
            }
            inside.acquire(2);
            assertThat(trail.keep(from("greedy")))
                    .isEqualTo(new AuditTrail.Kept.No(
                            AuditTrail.Refusal.SHARE, "too many records of greedy are being kept at once"));
            for (int i = 0; i < 2; i++) {
                others.add(callers.submit(() -> trail.keep(from("modest"))));
            }
            inside.acquire(2);
            assertThat(trail.keep(from("late")))
                    .isInstanceOfSatisfying(
                            AuditTrail.Kept.No.class, no -> assertThat(no.why()).isEqualTo(AuditTrail.Refusal.CROWDED));
            go.countDown();
            for (Future<AuditTrail.Kept> other : others) {
                assertThat(other.get()).isEqualTo(new AuditTrail.Kept.Yes());
            }
        }
        assertThat(trail.waiting()).isZero();
        assertThat(trail.keep(from("greedy"))).isEqualTo(new AuditTrail.Kept.Yes());
    }

    private static AuditEvent from(String caller) {
        return AuditEvent.newBuilder().putDetails("source-principal", caller).build();
    }

    @Test
    void callersWithoutANameShareTheAccountOfWhatTheyCall() {
        AuditEvent.Builder nameless =
                AuditEvent.newBuilder().setActor("192.0.2.7").setObject("shop/edge");
        assertThat(Callers.of(nameless.build()))
                .isEqualTo(Callers.of(nameless.setActor("192.0.2.8").build()));
        assertThat(Callers.of(nameless.putDetails("request-principal", "issuer/someone")
                        .build()))
                .isEqualTo("issuer/someone");
    }
}
