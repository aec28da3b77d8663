package io.flotilla.mixer.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.events.v1.RequestBatch;
import io.flotilla.api.events.v1.RequestRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LINGER = Duration.ofMillis(100);
    private static final RequestRecord RECORD =
            RequestRecord.newBuilder().setStreamId("x".repeat(1_000)).build();

    private final Outbox outbox = new Outbox("writer", LINGER, 200_000);

    private static List<RequestRecord> records(int count) {
        return Collections.nCopies(count, RECORD);
    }

    private List<SealedBatch> takeAll() throws InterruptedException {
        List<SealedBatch> taken = new ArrayList<>();
        Optional<SealedBatch> next = outbox.take(Duration.ZERO);
        while (next.isPresent()) {
            taken.add(next.get());
            next = outbox.take(Duration.ZERO);
        }
        return taken;
    }

    private static RequestBatch batch(SealedBatch one) {
        try {
            return RequestBatch.parseFrom(one.value());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void recordsOfOnePodAreGatheredForAWhile() throws InterruptedException {
        outbox.add("default/a", records(2), NOW);
        outbox.add("default/b", records(1), NOW.plusMillis(50));
        outbox.add("default/a", records(3), NOW.plusMillis(60));
        outbox.sealDue(NOW.plusMillis(99));
        assertThat(takeAll()).isEmpty();

        outbox.sealDue(NOW.plusMillis(100));
        assertThat(takeAll()).singleElement().satisfies(one -> {
            assertThat(one.key()).isEqualTo("default/a");
            assertThat(batch(one).getRecordsCount()).isEqualTo(5);
            assertThat(batch(one).getSequence()).isEqualTo(1);
            assertThat(batch(one).getWriter()).isEqualTo("writer");
        });
        outbox.sealAll();
        assertThat(takeAll()).extracting(SealedBatch::key).containsExactly("default/b");
    }

    @Test
    void aBatchIsAtMost64Kilobytes() throws InterruptedException {
        outbox.add("default/a", records(150), NOW);
        outbox.sealAll();

        List<SealedBatch> taken = takeAll();
        assertThat(taken).hasSize(3).allMatch(one -> one.value().length <= Batches.MOST_BYTES);
        assertThat(taken.stream().mapToInt(SealedBatch::records).sum()).isEqualTo(150);
    }

    @Test
    void aRecordLargerThanThatGoesAlone() throws InterruptedException {
        RequestRecord large =
                RequestRecord.newBuilder().setStreamId("x".repeat(100_000)).build();
        outbox.add("default/a", List.of(RECORD, large, RECORD), NOW);
        outbox.sealAll();

        assertThat(takeAll()).extracting(SealedBatch::records).containsExactly(1, 1, 1);
    }

    @Test
    void pastTheCapTheOldestGoAndTheNextBatchSaysSo() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            outbox.add("default/a", records(50), NOW);
            outbox.sealAll();
        }
        Outbox.Totals totals = outbox.totals();
        assertThat(totals.queuedBytes()).isLessThanOrEqualTo(200_000);
        assertThat(totals.dropped()).isPositive();
        assertThat(totals.accepted()).isEqualTo(500);

        List<SealedBatch> left = takeAll();
        long written = left.stream().mapToLong(SealedBatch::records).sum();
        left.forEach(outbox::done);
        outbox.add("default/a", records(1), NOW);
        outbox.sealAll();
        List<SealedBatch> next = takeAll();
        next.forEach(outbox::done);

        assertThat(outbox.totals().written()).isEqualTo(written + 1);
        assertThat(outbox.totals().written() + outbox.totals().dropped()).isEqualTo(501);
        long told = left.stream().mapToLong(one -> batch(one).getDropped()).sum()
                + next.stream().mapToLong(one -> batch(one).getDropped()).sum();
        assertThat(told).isEqualTo(outbox.totals().dropped());
    }

    @Test
    void whatKafkaRefusesWaitsFirstInTheQueue() throws InterruptedException {
        outbox.add("default/a", records(1), NOW);
        outbox.sealAll();
        outbox.add("default/b", records(1), NOW);
        outbox.sealAll();
        SealedBatch first = outbox.take(Duration.ZERO).orElseThrow();
        assertThat(outbox.isEmpty()).isFalse();

        outbox.failed(first);

        assertThat(takeAll()).extracting(SealedBatch::key).containsExactly("default/a", "default/b");
        assertThat(outbox.totals().written()).isZero();
    }
}
