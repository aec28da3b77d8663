package io.flotilla.mixer.outbox;

import io.flotilla.api.events.v1.RequestRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything between the access log streams and Kafka: open batches and the queue of sealed ones. Takes whatever comes
 * and never waits; past its cap the oldest batches go, and are counted. For any number of threads.
 */
public final class Outbox {
    /**
     * What went through.
     *
     * @param accepted     records taken in
     * @param written      records that Kafka has confirmed
     * @param dropped      records thrown away
     * @param queuedBytes  waiting or on their way now
     * @param queuedBatches the same, in batches
     */
    public record Totals(long accepted, long written, long dropped, long queuedBytes, int queuedBatches) {}

    private final long capBytes;
    private final Batches batches;
    private final Deque<SealedBatch> queue = new ArrayDeque<>();
    private final Map<String, Long> untold = new HashMap<>();
    private long queuedBytes;
    private long onTheWayBytes;
    private int onTheWay;
    private long accepted;
    private long written;
    private long dropped;

    /**
     * An empty one.
     *
     * @param writer   names this process's run
     * @param linger   how long records are gathered
     * @param capBytes most that may wait
     */
    public Outbox(String writer, Duration linger, long capBytes) {
        this.capBytes = capBytes;
        this.batches = new Batches(writer, linger, this::takeUntold);
    }

    /** Takes records of a pod. */
    public synchronized void add(String pod, List<RequestRecord> records, Instant now) {
        accepted += records.size();
        enqueue(batches.add(pod, records, now));
    }

    /** Seals the batches that have waited long enough. */
    public synchronized void sealDue(Instant now) {
        enqueue(batches.due(now));
    }

    /** Seals everything, at the end. */
    public synchronized void sealAll() {
        enqueue(batches.all());
    }

    /** Waits for the oldest batch; empty where none came in time. It is on its way until told otherwise. */
    synchronized Optional<SealedBatch> take(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (queue.isEmpty() && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        SealedBatch batch = queue.pollFirst();
        if (batch == null) {
            return Optional.empty();
        }
        queuedBytes -= batch.weight();
        onTheWayBytes += batch.weight();
        onTheWay++;
        return Optional.of(batch);
    }

    /** Kafka has it. */
    synchronized void done(SealedBatch batch) {
        arrived(batch);
        written += batch.records();
    }

    /** Kafka does not have it, as far as we know: it waits again, first in the queue. */
    synchronized void failed(SealedBatch batch) {
        arrived(batch);
        queue.addFirst(batch);
        queuedBytes += batch.weight();
        dropPastCap();
        notifyAll();
    }

    /** Everything that was taken in is written or dropped. */
    public synchronized boolean isEmpty() {
        return queue.isEmpty() && onTheWay == 0;
    }

    public synchronized Totals totals() {
        return new Totals(accepted, written, dropped, queuedBytes + onTheWayBytes, queue.size() + onTheWay);
    }

    private void arrived(SealedBatch batch) {
        onTheWayBytes -= batch.weight();
        onTheWay--;
    }

    private void enqueue(List<SealedBatch> sealed) {
        for (SealedBatch batch : sealed) {
            queue.addLast(batch);
            queuedBytes += batch.weight();
        }
        dropPastCap();
        if (!sealed.isEmpty()) {
            notifyAll();
        }
    }

    private void dropPastCap() {
        while (queuedBytes + onTheWayBytes > capBytes && !queue.isEmpty()) {
            SealedBatch oldest = queue.removeFirst();
            queuedBytes -= oldest.weight();
            dropped += oldest.records();
            untold.merge(oldest.key(), oldest.loss(), Long::sum);
        }
    }

    private long takeUntold(String pod) {
        Long losses = untold.remove(pod);
        return losses == null ? 0 : losses;
    }
}
