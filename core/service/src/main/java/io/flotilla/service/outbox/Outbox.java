package io.flotilla.service.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records that Kafka does not have yet, on disk, in order. Files "outbox-N" are filled one after the other and deleted
 * when Kafka has all of one; "position" says up to where. A record may come twice after a crash, none is left out
 * unless the cap is reached. For any number of threads.
 */
public final class Outbox implements AutoCloseable {
    private static final String PREFIX = "outbox-";
    private static final long SEGMENT_BYTES = 8L << 20;

    private final Path folder;
    private final long capBytes;
    private final Consumer<String> warnings;
    /** Number to size in bytes, of the files that are there. */
    private final TreeMap<Long, Long> segments = new TreeMap<>();

    private @Nullable FileChannel tail;
    private long number;
    private long read;
    private long dropped;

    /**
     * Records in order.
     *
     * @param segment the file that they end in
     * @param end     the byte after the last of them
     */
    public record Batch(List<OutboxRecord> records, long segment, long end) {
        public Batch {
            records = List.copyOf(records);
        }
    }

    /**
     * What waits in a folder, that of earlier runs first.
     *
     * @param capBytes more than this does not wait
     * @param warnings is told what is damaged
     */
    public Outbox(Path folder, long capBytes, Consumer<String> warnings) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.capBytes = capBytes;
        this.warnings = warnings;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches(PREFIX + "\\d{1,18}")) {
                    segments.put(Long.parseLong(name.substring(PREFIX.length())), Files.size(file));
                }
            }
        }
        position();
        // What a crash left half written ends its file; the next record begins a new one.
        roll(segments.isEmpty() ? number + 1 : segments.lastKey() + 1);
    }

    private void position() throws IOException {
        Path file = folder.resolve("position");
        if (Files.exists(file)) {
            String[] words = Files.readString(file).strip().split(" ", -1);
            try {
                number = Long.parseLong(words[0]);
                read = Long.parseLong(words[words.length - 1]);
            } catch (NumberFormatException e) {
                warnings.accept(file + " says nothing: what is in the outbox is sent again");
            }
        }
        while (!segments.isEmpty() && segments.firstKey() < number) {
            delete(segments.firstKey());
        }
        if (!segments.isEmpty() && segments.firstKey() > number) {
            number = segments.firstKey();
            read = 0;
        }
    }

    private void roll(long next) throws IOException {
        FileChannel full = tail;
        if (full != null) {
            full.force(false);
            full.close();
        }
        FileChannel fresh = FileChannel.open(
                file(next), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        Frames.begin(fresh);
        tail = fresh;
        segments.put(next, fresh.size());
        if (segments.size() == 1) {
            number = next;
            read = 0;
        }
    }

    private Path file(long segment) {
        return folder.resolve(PREFIX + segment);
    }

    private void delete(long segment) throws IOException {
        segments.remove(segment);
        Files.deleteIfExists(file(segment));
    }

    /** Adds records, or counts them as dropped past the cap. */
    public synchronized void add(List<OutboxRecord> records) throws IOException {
        FileChannel open = tail;
        if (open == null) {
            throw new IOException("the outbox is closed");
        }
        for (OutboxRecord record : records) {
            if (bytes() >= capBytes) {
                dropped++;
                continue;
            }
            Frames.append(open, record.bytes());
        }
        segments.put(segments.lastKey(), open.size());
        if (open.size() > SEGMENT_BYTES) {
            roll(segments.lastKey() + 1);
        }
        notifyAll();
    }

    /** Adds a record and returns when the disk has it; false, and nothing is added, past the cap. */
    public synchronized boolean keep(OutboxRecord record) throws IOException {
        if (bytes() >= capBytes) {
            return false;
        }
        add(List.of(record));
        FileChannel open = tail;
        if (open != null) {
            // What was added to a file before it was full is forced when the next begins.
            open.force(false);
        }
        return true;
    }

    /** The oldest records, at most so many; waits for one, but not longer than this. */
    public synchronized Batch next(int most, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        Batch batch = read(most);
        while (batch.records().isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || tail == null) {
                return batch;
            }
            wait(left);
            batch = read(most);
        }
        return batch;
    }

    private Batch read(int most) throws IOException {
        while (true) {
            List<OutboxRecord> records = new ArrayList<>();
            long[] end = {read};
            long size = segments.getOrDefault(number, 0L);
            if (size > read) {
                Frames.Read found = Frames.read(file(number), (body, after) -> {
                    if (after > read && records.size() < most) {
                        records.add(OutboxRecord.of(body));
                        end[0] = after;
                    }
                });
                String problem = found.problem();
                if (problem != null && records.isEmpty() && number < segments.lastKey()) {
                    warnings.accept(file(number) + " is sent only up to where it is sound: " + problem);
                }
            }
            Long next = segments.higherKey(number);
            if (!records.isEmpty() || next == null) {
                return new Batch(records, number, end[0]);
            }
            delete(number);
            number = next;
            read = 0;
        }
    }

    /** Kafka has these. */
    public synchronized void done(Batch batch) throws IOException {
        number = batch.segment();
        read = batch.end();
        Path unfinished = folder.resolve("position.tmp");
        Files.writeString(unfinished, number + " " + read);
        Files.move(unfinished, folder.resolve("position"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What waits, in bytes. */
    public synchronized long bytes() {
        return segments.values().stream().mapToLong(Long::longValue).sum() - read;
    }

    /** Records that were not taken in since the cap was reached. */
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = tail;
        tail = null;
        if (open != null) {
            open.force(false);
            open.close();
        }
        notifyAll();
    }
}
