package io.flotilla.galley.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SETTLE = Duration.ofMillis(50);

    @TempDir
    Path outside;

    @TempDir
    Path folder;

    private final BlockingQueue<Map<String, Optional<String>>> changes = new LinkedBlockingQueue<>();
    private final Map<String, String> state = new TreeMap<>();

    private FolderGuard guard = new FolderGuard(Duration.ofSeconds(30));

    @SuppressWarnings("NullAway.Init") // by start()
    private FolderWatch watch;

    @BeforeEach
    void start() throws Exception {
        begin(NEVER);
    }

    private void begin(Duration rescan) throws Exception {
        begin(SETTLE, rescan);
    }

    private void begin(Duration settle, Duration rescan) throws Exception {
        watch = new FolderWatch(List.of(folder), settle, rescan, guard, changes::add);
        watch.start();
        next();
    }

    @AfterEach
    void stop() throws IOException {
        watch.close();
    }

    /** The next change, applied to what is known. */
    private Map<String, Optional<String>> next() throws InterruptedException {
        Map<String, Optional<String>> change = changes.poll(60, TimeUnit.SECONDS);
        assertThat(change).as("a change within 60 s").isNotNull();
        change.forEach((file, text) -> {
            String name = folder.relativize(Path.of(file)).toString();
            text.ifPresentOrElse(content -> state.put(name, content), () -> state.remove(name));
        });
        return change;
    }

    private void until(Map<String, String> wanted) throws InterruptedException {
        while (!state.equals(wanted)) {
            next();
        }
    }

    private void rename(String name, String text) throws IOException {
        Path prepared = Files.writeString(outside.resolve("prepared"), text);
        Files.move(prepared, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void reportsARenameIntoPlaceAsOneChange() throws Exception {
        rename("a.yaml", "1");
        assertThat(next()).hasSize(1);
        rename("a.yaml", "2");
        next();
        assertThat(state).isEqualTo(Map.of("a.yaml", "2"));
        rename("b.yaml", "3");
        assertThat(next()).containsOnlyKeys(folder.resolve("b.yaml").toString());
    }

    @Test
    void aFileThatGetsItsNameIsNoReasonToLookAtAllOthers() throws Exception {
        for (int i = 1; i <= 500; i++) {
            Path prepared = Files.writeString(folder.resolve(".prepared"), "" + i);
            Files.move(prepared, folder.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
            if (i % 50 == 0) {
                // More at once than are kept for who watches (512) are a reason.
                until(Map.of("a.yaml", "" + i));
            }
        }
        assertThat(watch.scans()).isEqualTo(1);
    }

    @Test
    void neverShowsAFileHalfWritten() throws Exception {
        watch.close();
        // Longer than a busy machine leaves a writer waiting.
        begin(Duration.ofSeconds(3), NEVER);
        rename("a.yaml", "old");
        until(Map.of("a.yaml", "old"));
        try (var out = Files.newOutputStream(folder.resolve("a.yaml"), StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < 20; i++) {
                out.write("part ".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                out.flush();
            }
        }
        next();
        assertThat(state).isEqualTo(Map.of("a.yaml", "part ".repeat(20)));
    }

    @Test
    void findsDirectoriesThatComeWithTheirContentAndForgetsThoseThatGo() throws Exception {
        Files.createDirectories(outside.resolve("tree/deep/er"));
        Files.writeString(outside.resolve("tree/deep/er/a.yaml"), "1");
        Files.writeString(outside.resolve("tree/b.yml"), "2");
        Files.writeString(outside.resolve("tree/notes.txt"), "no manifest");
        Files.move(outside.resolve("tree"), folder.resolve("tree"), StandardCopyOption.ATOMIC_MOVE);
        until(Map.of("tree/deep/er/a.yaml", "1", "tree/b.yml", "2"));

        rename("tree/deep/er/a.yaml", "3");
        until(Map.of("tree/deep/er/a.yaml", "3", "tree/b.yml", "2"));

        Files.move(folder.resolve("tree"), outside.resolve("tree"), StandardCopyOption.ATOMIC_MOVE);
        until(Map.of());
    }

    @Test
    void followsTheLinksByWhichKubernetesSwapsAMountedFolder() throws Exception {
        Files.createDirectory(folder.resolve("..one"));
        Files.writeString(folder.resolve("..one/a.yaml"), "1");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..one"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
        until(Map.of("a.yaml", "1"));

        Files.createDirectory(folder.resolve("..two"));
        Files.writeString(folder.resolve("..two/a.yaml"), "2");
        Files.createSymbolicLink(folder.resolve("..new"), Path.of("..two"));
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        until(Map.of("a.yaml", "2"));
    }

    @Test
    void findsWithoutEventsWhatChangedBehindALink() throws Exception {
        watch.close();
        Path target = Files.createDirectory(outside.resolve("target"));
        Files.createSymbolicLink(folder.resolve("linked"), target);
        Files.createSymbolicLink(folder.resolve("circle"), folder);
        Path file = Files.writeString(outside.resolve("single.yaml"), "1");
        Files.createSymbolicLink(folder.resolve("single.yaml"), file);
        changes.clear();
        begin(Duration.ofMillis(20));
        Files.writeString(target.resolve("a.yaml"), "1");
        // A link to a file has no events of its own.
        Files.move(Files.writeString(outside.resolve("other"), "changed"), file, StandardCopyOption.ATOMIC_MOVE);
        until(Map.of("linked/a.yaml", "1", "single.yaml", "changed"));
    }

    @Test
    void aFolderThatIsAwayDeletesNothing() throws Exception {
        watch.close();
        rename("a.yaml", "1");
        changes.clear();
        begin(Duration.ofMillis(20));
        until(Map.of("a.yaml", "1"));
        Path away = folder.resolveSibling(folder.getFileName() + ".away");
        Files.move(folder, away, StandardCopyOption.ATOMIC_MOVE);
        assertThat(changes.poll(300, TimeUnit.MILLISECONDS)).isNull();
        Files.move(away, folder, StandardCopyOption.ATOMIC_MOVE);
        rename("b.yaml", "2");
        until(Map.of("a.yaml", "1", "b.yaml", "2"));
    }

    /** In a directory below, so that all can go in one step: file by file a look may come in between. */
    private Map<String, String> twelve() throws Exception {
        Map<String, String> all = new TreeMap<>();
        Files.createDirectory(outside.resolve("all"));
        for (int i = 0; i < 12; i++) {
            Files.writeString(outside.resolve("all/" + i + ".yaml"), "1");
            all.put("all/" + i + ".yaml", "1");
        }
        Files.move(outside.resolve("all"), folder.resolve("all"), StandardCopyOption.ATOMIC_MOVE);
        until(all);
        return all;
    }

    private void empty() throws IOException {
        Files.move(folder.resolve("all"), outside.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void again(FolderGuard other) throws Exception {
        watch.close();
        changes.clear();
        guard = other;
        begin(Duration.ofMillis(20));
    }

    private static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The change that an event would have brought has come, and deletes nothing. */
    private void nothingIsDeleted() throws Exception {
        await("something is held", () -> !guard.held().isEmpty());
        rename("last.yaml", "1");
        assertThat(next()).allSatisfy((file, text) -> assertThat(text).isPresent());
    }

    @Test
    void aFolderThatIsEmptiedAtOnceDeletesNothingUntilItIsConfirmed() throws Exception {
        again(new FolderGuard(Duration.ofHours(1)));
        twelve();
        empty();
        nothingIsDeleted();
        guard.confirm(guard.held().getFirst());
        until(Map.of("last.yaml", "1"));
    }

    @Test
    void aFolderThatStaysEmptyDeletesWhatItHad() throws Exception {
        Duration confirmAfter = Duration.ofMillis(500);
        again(new FolderGuard(confirmAfter));
        twelve();
        Instant emptied = Instant.now();
        empty();
        until(Map.of());
        assertThat(Duration.between(emptied, Instant.now())).isGreaterThanOrEqualTo(confirmAfter);
    }

    @Test
    void aFolderThatComesBackAsItWasHasLostNothing() throws Exception {
        again(new FolderGuard(Duration.ofHours(1)));
        Map<String, String> all = new TreeMap<>(twelve());
        empty();
        nothingIsDeleted();
        Files.move(outside.resolve("gone"), folder.resolve("all"), StandardCopyOption.ATOMIC_MOVE);
        all.put("last.yaml", "1");
        await("nothing is held", () -> guard.held().isEmpty() && watch.problem().isEmpty());
        rename("later.yaml", "1");
        while (!state.containsKey("later.yaml")) {
            assertThat(next()).allSatisfy((file, text) -> assertThat(text).isPresent());
        }
        all.put("later.yaml", "1");
        assertThat(state).isEqualTo(all);
    }

    @Test
    void anotherFolderUnderItsNameDeletesNothingAtOnceAndIsWatched() throws Exception {
        again(new FolderGuard(Duration.ofHours(1)));
        rename("a.yaml", "1");
        until(Map.of("a.yaml", "1"));
        Path away = folder.resolveSibling(folder.getFileName() + ".mounted");
        Files.move(folder, away, StandardCopyOption.ATOMIC_MOVE);
        Files.createDirectory(folder);
        nothingIsDeleted();
        assertThat(state).containsOnlyKeys("a.yaml", "last.yaml");
        Files.delete(away.resolve("a.yaml"));
        Files.delete(away);
    }
}
