package io.flotilla.service.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of an outbox: which are there, how large each is, and up to where Kafka has them. The last is the one that
 * is written. Not for several threads.
 */
final class Segments {
    private static final String PREFIX = "outbox-";
    /** A batch is not read on past this. */
    private static final long BATCH_BYTES = 1L << 20;

    private final Path folder;
    private final Consumer<String> warnings;
    /** Number to size in bytes, of the files that are there. */
    private final TreeMap<Long, Long> sizes = new TreeMap<>();

    private long total;
    /** The file of which Kafka has the first {@link #read} bytes; those before it are not there any more. */
    private long number;

    private long read;

    /** What a folder has, and what its file "position" says. */
    Segments(Path folder, Consumer<String> warnings) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.warnings = warnings;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches(PREFIX + "\\d{1,18}")) {
                    size(Long.parseLong(name.substring(PREFIX.length())), Files.size(file));
                }
            }
        }
        position();
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
        while (!sizes.isEmpty() && sizes.firstKey() < number) {
            delete(sizes.firstKey());
        }
        if (!sizes.isEmpty() && sizes.firstKey() > number) {
            number = sizes.firstKey();
            read = 0;
        }
    }

    private Path file(long segment) {
        return folder.resolve(PREFIX + segment);
    }

    private void size(long segment, long bytes) {
        Long before = sizes.put(segment, bytes);
        total += bytes - (before == null ? 0 : before);
    }

    private void delete(long segment) throws IOException {
        Long bytes = sizes.remove(segment);
        total -= bytes == null ? 0 : bytes;
        Files.deleteIfExists(file(segment));
    }

    /** A new last file, which the disk has. */
    FileChannel begin() throws IOException {
        long next = sizes.isEmpty() ? number + 1 : sizes.lastKey() + 1;
        FileChannel fresh = FileChannel.open(
                file(next), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            Frames.begin(fresh);
            Directories.force(folder);
            size(next, fresh.size());
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        if (sizes.size() == 1) {
            number = next;
            read = 0;
        }
        return fresh;
    }

    /** So many bytes were added to the last file. */
    void grown(long bytes) {
        size(sizes.lastKey(), lastBytes() + bytes);
    }

    /** Size of the last file. */
    long lastBytes() {
        return sizes.lastEntry().getValue();
    }

    /** What Kafka does not have. */
    long bytes() {
        return total - read;
    }

    /** Gives every record that Kafka does not have. */
    void forEach(Frames.Taking taking) throws IOException {
        for (long segment : sizes.keySet()) {
            Frames.read(file(segment), segment == number ? read : 0, (body, end) -> {
                taking.take(body, end);
                return true;
            });
        }
    }

    /** The oldest records that Kafka does not have, at most so many; files that it has are deleted on the way. */
    Outbox.Batch read(int most) throws IOException {
        while (true) {
            List<OutboxRecord> records = new ArrayList<>();
            long begin = read;
            long[] end = {begin};
            if (sizes.getOrDefault(number, 0L) > begin) {
                Frames.Read found = Frames.read(file(number), begin, (body, after) -> {
                    records.add(OutboxRecord.of(body));
                    end[0] = after;
                    return records.size() < most && after - begin < BATCH_BYTES;
                });
                String problem = found.problem();
                if (problem != null && records.isEmpty() && number < sizes.lastKey()) {
                    warnings.accept(file(number) + " is sent only up to where it is sound: " + problem);
                }
            }
            Long next = sizes.higherKey(number);
            if (!records.isEmpty() || next == null) {
                return new Outbox.Batch(records, number, end[0]);
            }
            delete(number);
            number = next;
            read = 0;
        }
    }

    /** Kafka has these, and the disk says so. */
    void done(Outbox.Batch batch) throws IOException {
        number = batch.segment();
        read = batch.end();
        Path unfinished = folder.resolve("position.tmp");
        Files.writeString(unfinished, number + " " + read);
        Files.move(unfinished, folder.resolve("position"), StandardCopyOption.ATOMIC_MOVE);
    }
}
