package io.flotilla.galley.keep;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Seed;
import io.flotilla.service.outbox.Frames;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the last known good state: "snapshot-N", which is written whole and renamed into place, and "journal-N"
 * with what changed since. A change costs what it is large; when the journal has outgrown the snapshot, both are
 * replaced by snapshot N+1. For one thread.
 */
final class KeptState implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("(snapshot|journal)-(\\d{1,18})");
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long LEAST_JOURNAL = 4L << 20;

    private final Path folder;
    private final Consumer<String> warnings;
    private long number;
    private long snapshotBytes;
    private @Nullable FileChannel journal;

    /** @param warnings takes what is wrong with kept files, each with the file */
    KeptState(Path folder, Consumer<String> warnings) throws IOException {
        this.folder = folder;
        this.warnings = warnings;
        Files.createDirectories(folder);
        own(folder, "rwx------");
    }

    /** What was kept; empty where there is nothing, or nothing that can be trusted. */
    Optional<Seed> load() throws IOException {
        number = newest();
        Path snapshot = folder.resolve("snapshot-" + number);
        if (!Files.exists(snapshot)) {
            return Optional.empty();
        }
        Replay replay = new Replay();
        String problem = read(snapshot, replay);
        if (problem == null && !replay.whole) {
            problem = "it ends before its end";
        }
        if (problem != null) {
            warnings.accept(snapshot + " is not used, everything is read anew: " + problem);
            return Optional.empty();
        }
        Path changes = folder.resolve("journal-" + number);
        if (Files.exists(changes)) {
            String broken = read(changes, replay);
            if (broken != null) {
                warnings.accept(changes + " is used only up to where it is sound: " + broken);
            }
        }
        return Optional.of(replay.seed());
    }

    private static @Nullable String read(Path file, Replay replay) {
        try {
            return Frames.read(file, (body, end) -> replay.take(KeptChange.of(body)))
                    .problem();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Whether the next thing to write is a snapshot: there is none yet, or the journal has outgrown it. */
    boolean snapshotDue() throws IOException {
        FileChannel open = journal;
        return open == null || open.size() > Math.max(LEAST_JOURNAL, snapshotBytes);
    }

    /** Adds a change; it is on the disk when this returns. */
    void append(KeptChange change) throws IOException {
        FileChannel open = journal;
        if (open == null) {
            throw new IllegalStateException("a journal follows a snapshot");
        }
        Frames.append(open, change.bytes());
        open.force(false);
    }

    /** Replaces everything by this state. */
    void snapshot(Generation generation, Iterable<KeptDocument> documents) throws IOException {
        close();
        long next = newest() + 1;
        Path unfinished = folder.resolve("unfinished");
        try (FileChannel file = open(unfinished)) {
            Frames.begin(file);
            List<KeptDocument> chunk = new ArrayList<>();
            long size = 0;
            for (KeptDocument document : documents) {
                chunk.add(document);
                size += document.text().length() + document.good().length();
                if (size > CHUNK_BYTES) {
                    Frames.append(file, new KeptChange(generation, chunk, false).bytes());
                    chunk.clear();
                    size = 0;
                }
            }
            Frames.append(file, new KeptChange(generation, chunk, true).bytes());
            file.force(true);
            snapshotBytes = file.size();
        }
        FileChannel fresh = open(folder.resolve("journal-" + next));
        Frames.begin(fresh);
        fresh.force(true);
        journal = fresh;
        Files.move(unfinished, folder.resolve("snapshot-" + next), StandardCopyOption.ATOMIC_MOVE);
        number = next;
        for (Path old : files()) {
            if (numberOf(old) < next) {
                Files.deleteIfExists(old);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        // Documents may hold what is nobody else's business.
        own(file, "rw-------");
        return channel;
    }

    private static void own(Path path, String rights) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
        }
    }

    private long newest() throws IOException {
        return files().stream()
                .filter(file -> file.getFileName().toString().startsWith("snapshot"))
                .mapToLong(KeptState::numberOf)
                .max()
                .orElse(0);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(
                            file -> FILE.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static long numberOf(Path file) {
        Matcher matcher = FILE.matcher(file.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(2)) : 0;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = journal;
        if (open != null) {
            open.close();
            journal = null;
        }
    }

    /** Frames applied one after the other. */
    private static final class Replay {
        private final Map<SourceName, Map<String, String>> texts = new TreeMap<>();
        private final Map<SourceName, Map<String, String>> good = new TreeMap<>();
        private Generation generation = Generation.NONE;
        private boolean whole;

        void take(KeptChange change) {
            generation = change.generation();
            whole |= change.last();
            for (KeptDocument document : change.documents()) {
                put(texts, document, document.text());
                put(good, document, document.good());
            }
        }

        private static void put(Map<SourceName, Map<String, String>> into, KeptDocument document, String text) {
            Map<String, String> own = into.computeIfAbsent(document.source(), source -> new TreeMap<>());
            if (text.isEmpty()) {
                own.remove(document.name());
            } else {
                own.put(document.name(), text);
            }
        }

        Seed seed() {
            return new Seed(texts, good, generation);
        }
    }
}
