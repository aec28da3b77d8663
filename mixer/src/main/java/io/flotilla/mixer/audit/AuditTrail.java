package io.flotilla.mixer.audit;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Keeps events before somebody goes on: Kafka confirms each, or while Kafka is away the disk has it, or the answer is no.
 * Waits and remembers no more than its limits say. While something waits on disk what comes after it goes there too, so
 * the events of one actor come to Kafka in order. For any number of threads.
 */
public final class AuditTrail implements AutoCloseable {
    /** Topic of events. */
    public static final String TOPIC = "flotilla.audit";

    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    /** Without a disk: how often one event tries whether Kafka is back; the others do not wait for it. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Confirmed kafka;
    private final Away away;
    private final Limits limits;
    private final Places places;
    private final LongSupplier nanos;
    private final AtomicLong awayUntil = new AtomicLong();
    private volatile boolean gone;
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder permitted = new LongAdder();
    private final LongAdder keeping = new LongAdder();
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    /** What becomes of an event. */
    public sealed interface Kept {
        /** It is kept. */
        record Yes() implements Kept {}

        /** It is not, and its request goes on: an access log will tell. */
        record Later() implements Kept {}

        /** It is not, and why. */
        record No(Refusal why, String reason) implements Kept {}
    }

    /** Why an event is not kept. */
    public enum Refusal {
        /** More are being kept at once than may be. */
        CROWDED,
        /** More of this caller are being kept, or wait on disk, than its share. */
        SHARE,
        /** And nothing may wait. */
        KAFKA_AWAY,
        /** Kafka is away, and what may wait does. */
        OUTBOX_FULL,
        /** Kafka is away, and the disk does not take it. */
        OUTBOX_FAILED;

        /** As metrics have it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What is done while Kafka is away. */
    sealed interface Away {
        /** Events wait on disk. */
        record Spool(Outbox disk) implements Away {}

        /** Requests are refused. */
        record Refuse() implements Away {}

        /** Requests go on, and their access logs tell. */
        record Permit() implements Away {}
    }

    /**
     * Of one trail.
     *
     * @param atOnce   most events that are being kept at once
     * @param share    of one caller
     * @param patience how long an event waits for its turn
     */
    record Limits(int atOnce, int share, Duration patience) {}

    /**
     * What went through.
     *
     * @param confirmed    events that Kafka confirmed at once
     * @param spooled      events that the disk took, for Kafka to get later
     * @param permitted    requests that went on without
     * @param refused      events that nobody took: their requests were told so
     * @param keepingNanos how long all of them together waited
     */
    public record Totals(long confirmed, long spooled, long permitted, Map<Refusal, Long> refused, long keepingNanos) {
        public Totals {
            refused = Map.copyOf(refused);
        }

        public long allRefused() {
            return refused.values().stream().mapToLong(Long::longValue).sum();
        }

        public long all() {
            return confirmed + spooled + permitted + allRefused();
        }
    }

    /** @param nanos a clock that only goes forward */
    AuditTrail(Confirmed kafka, Away away, Limits limits, LongSupplier nanos) {
        this.kafka = kafka;
        this.away = away;
        this.limits = limits;
        this.nanos = nanos;
        this.places = new Places(limits.atOnce(), limits.share(), nanos);
        for (Refusal why : Refusal.values()) {
            refused.put(why, new LongAdder());
        }
    }

    /** Keeps an event; returns when it is kept, or cannot be. */
    public Kept keep(AuditEvent event) throws InterruptedException {
        long begin = nanos.getAsLong();
        Kept kept = inTurn(event);
        keeping.add(nanos.getAsLong() - begin);
        switch (kept) {
            case Kept.Yes yes -> {}
            case Kept.Later later -> permitted.increment();
            case Kept.No no -> Objects.requireNonNull(refused.get(no.why())).increment();
        }
        return kept;
    }

    private Kept inTurn(AuditEvent event) throws InterruptedException {
        String caller = Callers.of(event);
        return switch (places.take(caller, limits.patience())) {
            case NONE -> new Kept.No(Refusal.CROWDED, "too many records are being kept at once");
            case SHARE -> new Kept.No(Refusal.SHARE, "too many records of " + caller + " are being kept at once");
            case YES -> {
                try {
                    yield keptNow(event, caller);
                } finally {
                    places.giveBack(caller);
                }
            }
        };
    }

    private Kept keptNow(AuditEvent event, String caller) throws InterruptedException {
        if (mayTry()) {
            try {
                kafka.write(event);
                back();
                confirmed.increment();
                return new Kept.Yes();
            } catch (Confirmed.Unconfirmed e) {
                lost(e);
            }
        }
        return switch (away) {
            case Away.Spool(Outbox disk) -> spool(disk, event, caller);
            case Away.Refuse refuse -> new Kept.No(Refusal.KAFKA_AWAY, "Kafka is away");
            case Away.Permit permit -> new Kept.Later();
        };
    }

    private boolean mayTry() {
        if (away instanceof Away.Spool(Outbox disk)) {
            // Whoever carries the disk away finds out when Kafka is back.
            return disk.isDrained();
        }
        if (!gone) {
            return true;
        }
        long until = awayUntil.get();
        long now = nanos.getAsLong();
        // One of those that come after the pause; nobody else waits.
        return now - until >= 0 && awayUntil.compareAndSet(until, now + TRY_AGAIN.toNanos());
    }

    private void back() {
        if (gone) {
            gone = false;
            LOG.info("Kafka takes the audit again");
        }
    }

    private void lost(Confirmed.Unconfirmed problem) {
        awayUntil.set(nanos.getAsLong() + TRY_AGAIN.toNanos());
        if (!gone) {
            gone = true;
            String then = switch (away) {
                case Away.Spool spool -> "it waits on disk";
                case Away.Refuse refuse -> "what must be recorded is refused";
                case Away.Permit permit -> "what must be recorded goes on, and access logs tell it later";
            };
            LOG.warnf("Kafka does not take the audit, %s: %s", then, problem.getMessage());
        }
    }

    private Kept spool(Outbox disk, AuditEvent event, String caller) throws InterruptedException {
        try {
            return switch (disk.keep(new OutboxRecord(TOPIC, event.getActor(), event.toByteString()))) {
                case YES -> {
                    spooled.increment();
                    yield new Kept.Yes();
                }
                case FULL -> new Kept.No(Refusal.OUTBOX_FULL, "Kafka is away and the outbox is full");
                case SHARE -> new Kept.No(Refusal.SHARE, "Kafka is away and the outbox has its share of " + caller);
            };
        } catch (IOException e) {
            return new Kept.No(
                    Refusal.OUTBOX_FAILED, "Kafka is away and the outbox cannot be written: " + e.getMessage());
        }
    }

    /** What went through so far. */
    public Totals totals() {
        Map<Refusal, Long> no = new EnumMap<>(Refusal.class);
        refused.forEach((why, count) -> no.put(why, count.sum()));
        return new Totals(confirmed.sum(), spooled.sum(), permitted.sum(), no, keeping.sum());
    }

    /** Events that are being kept, or wait for their turn. */
    public int waiting() {
        return places.taken();
    }

    @Override
    public void close() {
        kafka.close();
    }
}
