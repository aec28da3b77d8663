package io.flotilla.mixer.outbox;

import com.google.protobuf.CodedOutputStream;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Gathers records into batches by reporting pod: at most 64 KB (or one larger record), at most {@code linger} old. Not
 * for several threads at once.
 */
final class Batches {
    /** Most bytes of a batch (constraints: a value on flotilla.requests). */
    static final int MOST_BYTES = 64 * 1024;

    /** Room for pod, writer, sequence and losses. */
    private static final int HEADER_BYTES = 1024;

    private static final int TAG_BYTES = 1;

    private static final class Open {
        final Instant since;
        final RequestBatch.Builder batch;
        int bytes;

        Open(String pod, Instant since) {
            this.since = since;
            this.batch = RequestBatch.newBuilder().setPod(pod);
        }
    }

    private final String writer;
    private final Duration linger;
    private final ToLongFunction<String> dropped;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private long sequence;

    /**
     * @param writer  names this process's run
     * @param dropped takes the number of records of a pod that were dropped and not told of yet
     */
    Batches(String writer, Duration linger, ToLongFunction<String> dropped) {
        this.writer = writer;
        this.linger = linger;
        this.dropped = dropped;
    }

    /** Adds records of a pod; gives the batches that are full. */
    List<SealedBatch> add(String pod, List<RequestRecord> records, Instant now) {
        List<SealedBatch> full = new ArrayList<>();
        for (RequestRecord record : records) {
            int bytes = record.getSerializedSize();
            int framed = TAG_BYTES + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
            Open batch = open.get(pod);
            if (batch != null && batch.bytes + framed > MOST_BYTES - HEADER_BYTES) {
                open.remove(pod);
                full.add(seal(batch));
                batch = null;
            }
            if (batch == null) {
                batch = new Open(pod, now);
                open.put(pod, batch);
            }
            batch.batch.addRecords(record);
            batch.bytes += framed;
        }
        return full;
    }

    /** Gives the batches that have waited long enough. */
    List<SealedBatch> due(Instant now) {
        List<SealedBatch> due = new ArrayList<>();
        // In order of their opening: the first that is too young ends the search.
        for (Iterator<Open> batches = open.values().iterator(); batches.hasNext(); ) {
            Open batch = batches.next();
            if (batch.since.plus(linger).isAfter(now)) {
                break;
            }
            batches.remove();
            due.add(seal(batch));
        }
        return due;
    }

    /** Gives all that is left. */
    List<SealedBatch> all() {
        List<SealedBatch> all = open.values().stream().map(this::seal).toList();
        open.clear();
        return all;
    }

    private SealedBatch seal(Open open) {
        long losses = dropped.applyAsLong(open.batch.getPod());
        RequestBatch batch = open.batch
                .setWriter(writer)
                .setSequence(++sequence)
                .setDropped(losses)
                .build();
        return new SealedBatch(batch.getPod(), batch.toByteArray(), batch.getRecordsCount(), losses);
    }
}
