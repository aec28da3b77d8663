package io.flotilla.service.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    private Outbox open() throws IOException {
        return open(1 << 30);
    }

    private Outbox open(long cap) throws IOException {
        return new Outbox(folder, cap, warnings::add);
    }

    private static OutboxRecord record(int number) {
        return record(number, "value");
    }

    private static OutboxRecord record(int number, String value) {
        return new OutboxRecord("topic", "key-" + number, ByteString.copyFromUtf8(value));
    }

    private static List<String> keys(Outbox.Batch batch) {
        return batch.records().stream().map(OutboxRecord::key).toList();
    }

    @Test
    void givesRecordsInOrderAndAgainUntilTheyAreDone() throws Exception {
        try (Outbox outbox = open()) {
            outbox.add(List.of(record(1), record(2), record(3)));
            Outbox.Batch first = outbox.next(2, Duration.ZERO);
            assertThat(keys(first)).containsExactly("key-1", "key-2");
            assertThat(keys(outbox.next(2, Duration.ZERO))).containsExactly("key-1", "key-2");
            outbox.done(first);
            outbox.done(outbox.next(2, Duration.ZERO));
            assertThat(outbox.next(2, Duration.ZERO).records()).isEmpty();
            assertThat(outbox.bytes()).isLessThan(100);
        }
    }

    @Test
    void tombstonesStayTombstones() throws Exception {
        try (Outbox outbox = open()) {
            outbox.add(List.of(new OutboxRecord("topic", "gone", null), record(1, "")));
            List<OutboxRecord> records = outbox.next(9, Duration.ZERO).records();
            assertThat(records.getFirst().value()).isNull();
            assertThat(records.getLast().value()).isEmpty();
        }
    }

    @Test
    void goesOnWhereAnEarlierRunStopped() throws Exception {
        try (Outbox outbox = open()) {
            outbox.add(List.of(record(1), record(2)));
            outbox.done(outbox.next(1, Duration.ZERO));
        }
        try (Outbox outbox = open()) {
            outbox.add(List.of(record(3)));
            List<String> seen = new ArrayList<>();
            while (seen.size() < 2) {
                Outbox.Batch batch = outbox.next(9, Duration.ZERO);
                seen.addAll(keys(batch));
                outbox.done(batch);
            }
            assertThat(seen).containsExactly("key-2", "key-3");
        }
    }

    @Test
    void aRecordThatACrashLeftHalfWrittenIsLeftOutAndNoOther() throws Exception {
        try (Outbox outbox = open()) {
            outbox.add(List.of(record(1), record(2)));
        }
        Path file = folder.resolve("outbox-1");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 2));
        try (Outbox outbox = open()) {
            outbox.add(List.of(record(3)));
            Outbox.Batch first = outbox.next(9, Duration.ZERO);
            outbox.done(first);
            assertThat(keys(first)).containsExactly("key-1");
            assertThat(keys(outbox.next(9, Duration.ZERO))).containsExactly("key-3");
        }
    }

    @Test
    void filesGoWhenAllOfOneIsDone() throws Exception {
        String large = "x".repeat(1 << 20);
        try (Outbox outbox = open()) {
            for (int i = 0; i < 30; i++) {
                outbox.add(List.of(record(i, large)));
            }
            assertThat(folder.toFile().list()).hasSizeGreaterThan(3);
            int seen = 0;
            while (seen < 30) {
                Outbox.Batch batch = outbox.next(4, Duration.ZERO);
                assertThat(keys(batch).getFirst()).isEqualTo("key-" + seen);
                seen += batch.records().size();
                outbox.done(batch);
            }
            outbox.next(1, Duration.ZERO);
            assertThat(folder.toFile().list()).hasSize(2);
        }
    }

    @Test
    void pastItsCapItCountsWhatItLeavesOut() throws Exception {
        try (Outbox outbox = open(1_000)) {
            for (int i = 0; i < 100; i++) {
                outbox.add(List.of(record(i)));
            }
            int kept = outbox.next(1_000, Duration.ZERO).records().size();
            assertThat(kept).isBetween(10, 50);
            assertThat(outbox.dropped()).isEqualTo(100 - kept);
        }
    }
}
