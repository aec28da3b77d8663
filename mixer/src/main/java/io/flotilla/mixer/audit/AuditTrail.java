package io.flotilla.mixer.audit;

import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.service.outbox.Outbox;
import io.flotilla.service.outbox.OutboxRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events before somebody goes on: Kafka confirms each, or while Kafka is away the disk has it, or the answer is no.
 * Waits and remembers no more than its limits say. For any number of threads.
 */
public final class AuditTrail implements AutoCloseable {
    /** Topic of events. */
    public static final String TOPIC = "flotilla.audit";

    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    /** How often one event tries whether Kafka is back; the others do not wait for it. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Confirmed kafka;
    private final @Nullable Outbox disk;
    private final Semaphore places;
    private final Duration patience;
    private final LongSupplier nanos;
    private final AtomicLong awayUntil = new AtomicLong();
    private volatile boolean away;
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder spooled = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** What became of an event. */
    public sealed interface Kept {
        /** It is kept. */
        record Yes() implements Kept {}

        /** It is not, and why. */
        record No(String reason) implements Kept {}
    }

    /**
     * What went through.
     *
     * @param confirmed events that Kafka confirmed at once
     * @param spooled   events that the disk took, for Kafka to get later
     * @param refused   events that nobody took: their requests were told so
     */
    public record Totals(long confirmed, long spooled, long refused) {}

    /**
     * A trail.
     *
     * @param disk     takes events while Kafka is away; null where they are refused then
     * @param atOnce   most events that wait at once
     * @param patience how long an event waits for its turn
     * @param nanos    a clock that only goes forward
     */
    AuditTrail(Confirmed kafka, @Nullable Outbox disk, int atOnce, Duration patience, LongSupplier nanos) {
        this.kafka = kafka;
        this.disk = disk;
        this.places = new Semaphore(atOnce);
        this.patience = patience;
        this.nanos = nanos;
    }

    /** Keeps an event; returns when it is kept, or cannot be. */
    public Kept keep(AuditEvent event) throws InterruptedException {
        if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return refuse("too many records are being kept at once");
        }
        try {
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
            return spool(event);
        } finally {
            places.release();
        }
    }

    private boolean mayTry() {
        if (!away) {
            return true;
        }
        long until = awayUntil.get();
        long now = nanos.getAsLong();
        // One of those that come after the pause; the others go on to the disk.
        return now - until >= 0 && awayUntil.compareAndSet(until, now + TRY_AGAIN.toNanos());
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("Kafka takes the audit again");
        }
    }

    private void lost(Confirmed.Unconfirmed problem) {
        awayUntil.set(nanos.getAsLong() + TRY_AGAIN.toNanos());
        if (!away) {
            away = true;
            LOG.warnf(
                    "Kafka does not take the audit, %s: %s",
                    disk == null ? "what must be recorded is refused" : "it waits on disk", problem.getMessage());
        }
    }

    private Kept spool(AuditEvent event) {
        if (disk == null) {
            return refuse("Kafka is away");
        }
        try {
            if (disk.keep(new OutboxRecord(TOPIC, event.getActor(), event.toByteString()))) {
                spooled.increment();
                return new Kept.Yes();
            }
            return refuse("Kafka is away and the outbox is full");
        } catch (IOException e) {
            return refuse("Kafka is away and the outbox cannot be written: " + e.getMessage());
        }
    }

    private Kept refuse(String reason) {
        refused.increment();
        return new Kept.No(reason);
    }

    /** What went through so far. */
    public Totals totals() {
        return new Totals(confirmed.sum(), spooled.sum(), refused.sum());
    }

    @Override
    public void close() {
        kafka.close();
    }
}
