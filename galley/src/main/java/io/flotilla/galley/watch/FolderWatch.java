package io.flotilla.galley.watch;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches directories with all below them, on one thread of its own. A file renamed into place is reported at once;
 * one that is written in place, emptied or deleted once it has been quiet for a moment, so that nobody sees half of
 * it. Events only make it quick: every few seconds (less often where there are many files), and whenever events were lost,
 * everything is looked at again.
 */
public final class FolderWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FolderWatch.class.getName());
    // A look at a file takes two to five microseconds: so looking takes a thousandth of the time, until there are very
    // many.
    private static final Duration PAUSE_PER_FILE = Duration.ofMillis(4);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final List<Path> roots;
    private final Duration settle;
    private final Duration rescan;
    private final Consumer<Map<String, Optional<String>>> changes;
    private final WatchService events;
    private final Thread thread;

    private final Map<WatchKey, Set<Path>> directories = new HashMap<>();
    private final Set<Path> watched = new HashSet<>();
    private final Map<Path, FileStamp> known = new HashMap<>();
    private final Map<Path, Long> unsettled = new HashMap<>();
    private final Map<Path, String> identities = new HashMap<>();
    private final Set<Path> replaced = new HashSet<>();
    private final FolderGuard guard;
    private boolean first = true;
    private volatile int scans;
    private volatile @Nullable Problem lastProblem;

    /**
     * @param settle  how long a file that is written in place must be quiet
     * @param rescan  how often everything is looked at again
     * @param guard   holds deletions back that are hardly meant
     * @param changes takes the first scan (even if empty), then each change: file to its text, or empty if it is gone
     */
    FolderWatch(
            List<Path> roots,
            Duration settle,
            Duration rescan,
            FolderGuard guard,
            Consumer<Map<String, Optional<String>>> changes) {
        this.guard = guard;
        this.roots = List.copyOf(roots);
        this.settle = settle;
        this.rescan = rescan;
        this.changes = changes;
        try {
            this.events = this.roots.getFirst().getFileSystem().newWatchService();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch files", e);
        }
        this.thread = Thread.ofPlatform().daemon().name("folder-watch").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** It looks; once it has stopped for whatever reason, nothing will change any more. */
    public boolean alive() {
        return thread.isAlive();
    }

    @Override
    public void close() throws IOException {
        events.close();
    }

    private void run() {
        try {
            long nextScan = System.nanoTime();
            while (true) {
                if (System.nanoTime() - nextScan >= 0) {
                    scan();
                    nextScan = System.nanoTime() + pause().toNanos();
                }
                WatchKey key = events.poll(untilNext(nextScan), TimeUnit.NANOSECONDS);
                boolean lost = false;
                Set<Path> now = new HashSet<>();
                while (key != null) {
                    lost |= take(key, now);
                    key = events.poll();
                }
                if (lost) {
                    nextScan = System.nanoTime();
                }
                settled(now);
                read(now);
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "folder watch ends");
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "folder watch failed, configuration is frozen", e);
            throw e;
        }
    }

    /** Until everything is looked at again: the longer, the more there is, unless somebody waits for it. */
    private Duration pause() {
        Duration pause = PAUSE_PER_FILE.multipliedBy(known.size());
        return pause.compareTo(rescan) < 0 || !guard.held().isEmpty()
                ? rescan
                : pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private long untilNext(long nextScan) {
        long next = nextScan;
        for (long at : unsettled.values()) {
            next = at - next < 0 ? at : next;
        }
        return Math.max(0, next - System.nanoTime());
    }

    /** Sorts the events of a directory; true where only a scan can tell what happened. */
    private boolean take(WatchKey key, Set<Path> now) {
        boolean lost = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(OVERFLOW) || !(event.context() instanceof Path name)) {
                lost = true;
                continue;
            }
            for (Path directory : directories.getOrDefault(key, Set.of())) {
                Path file = directory.resolve(name);
                if (!FolderScan.isManifest(file)) {
                    lost |= movesDirectories(event.kind(), file);
                } else if (event.kind().equals(ENTRY_CREATE) && isComplete(file)) {
                    now.add(file);
                    unsettled.remove(file);
                } else {
                    now.remove(file);
                    unsettled.put(file, System.nanoTime() + settle.toNanos());
                }
            }
        }
        if (!key.reset()) {
            watched.removeAll(directories.getOrDefault(key, Set.of()));
            directories.remove(key);
            lost = true;
        }
        return lost;
    }

    /** A directory, or the link by which Kubernetes swaps a mounted ConfigMap; not the file that is renamed next. */
    private boolean movesDirectories(WatchEvent.Kind<?> kind, Path file) {
        if (!kind.equals(ENTRY_CREATE)) {
            return kind.equals(ENTRY_DELETE) && watched.contains(file);
        }
        try {
            // One look: between two the file may have got its name, and all files would be looked at for it.
            return !Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile();
        } catch (IOException e) {
            return false;
        }
    }

    /** A new name for a file with content was most likely renamed into place. */
    private static boolean isComplete(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() && attributes.size() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void settled(Set<Path> now) {
        long time = System.nanoTime();
        unsettled.entrySet().removeIf(entry -> {
            boolean quiet = time - entry.getValue() >= 0;
            if (quiet) {
                now.add(entry.getKey());
            }
            return quiet;
        });
    }

    /** How often everything was looked at. */
    int scans() {
        return scans;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private void scan() {
        scans++;
        Map<Path, FileStamp> found = new HashMap<>();
        Set<Path> unreadable = new HashSet<>();
        try {
            for (Path root : roots) {
                FolderScan scan = FolderScan.of(root);
                found.putAll(scan.files());
                unreadable.addAll(scan.unreadable());
                identify(root);
                for (Path directory : scan.directories()) {
                    // What appears between listing and watching would be missed: list such a directory once more.
                    if (watch(directory)) {
                        found.putAll(FolderScan.of(directory).files());
                    }
                }
            }
        } catch (IOException e) {
            // A root that is away (not mounted yet, replaced) deletes nothing.
            problem("cannot read configuration directory: " + e.getMessage());
            return;
        }
        Set<Path> changed = new HashSet<>();
        int there = 0;
        for (Map.Entry<Path, FileStamp> each : found.entrySet()) {
            FileStamp before = known.get(each.getKey());
            there += before == null ? 0 : 1;
            if (!each.getValue().equals(before) && !unsettled.containsKey(each.getKey())) {
                changed.add(each.getKey());
            }
        }
        if (there < known.size()) {
            known.keySet().stream()
                    .filter(file ->
                            !found.containsKey(file) && unreadable.stream().noneMatch(file::startsWith))
                    .forEach(changed::add);
        }
        if (changed.isEmpty() && !guard.held().isEmpty()) {
            // What was held back is there again as it was, as in a volume that was mounted again: no change, but no
            // loss.
            deleted(changed);
        }
        problem(unreadable.isEmpty() ? holding() : "cannot read " + unreadable + ": what was there stays in force");
        if (first || !changed.isEmpty()) {
            boolean evenIfEmpty = first;
            first = false;
            report(changed, evenIfEmpty);
        }
    }

    /** Another directory under the name of a root: a volume that was mounted or unmounted, a link that was turned. */
    private void identify(Path root) throws IOException {
        String now = String.valueOf(
                Files.readAttributes(root, BasicFileAttributes.class).fileKey());
        String before = identities.put(root, now);
        if (before != null && !before.equals(now)) {
            replaced.add(root);
            // The events of the one before are of no use.
            watched.removeIf(directory -> directory.startsWith(root));
        }
    }

    private boolean watch(Path directory) throws IOException {
        if (!watched.add(directory)) {
            return false;
        }
        WatchKey key = directory.register(events, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
        directories.computeIfAbsent(key, each -> new HashSet<>()).add(directory);
        return true;
    }

    private void read(Set<Path> files) {
        if (!files.isEmpty() && !first) {
            report(files, false);
        }
    }

    private void report(Set<Path> files, boolean evenIfEmpty) {
        Map<String, Optional<String>> texts = new TreeMap<>();
        Set<Path> gone = new HashSet<>();
        for (Path file : files) {
            try {
                FileStamp stamp = stamp(file);
                if (stamp == null) {
                    gone.add(file);
                } else {
                    texts.put(file.toString(), Optional.of(text(file)));
                    known.put(file, stamp);
                }
            } catch (NoSuchFileException e) {
                gone.add(file);
            } catch (IOException e) {
                problem("cannot read " + file + ": " + e.getMessage());
            }
        }
        for (Path file : deleted(gone)) {
            known.remove(file);
            texts.put(file.toString(), Optional.empty());
        }
        if (evenIfEmpty || !texts.isEmpty()) {
            changes.accept(texts);
        }
    }

    /** Those that count as deleted; what is held stays known, so that the next scan asks for it again. */
    private Set<Path> deleted(Set<Path> gone) {
        Set<Path> deleted = new HashSet<>();
        for (Path root : roots) {
            Set<Path> missing = new HashSet<>(guard.held(root));
            missing.removeIf(Files::exists);
            gone.stream().filter(file -> file.startsWith(root)).forEach(missing::add);
            int files = missing.isEmpty() ? 0 : files(root);
            Set<Path> now = guard.deleted(root, replaced.remove(root), files, missing, Instant.now());
            deleted.addAll(now);
            if (now.size() < missing.size()) {
                problem(holding());
            }
        }
        return deleted;
    }

    private int files(Path root) {
        return (int)
                known.keySet().stream().filter(file -> file.startsWith(root)).count();
    }

    /** What is held back, in words; empty where nothing is. */
    private String holding() {
        return guard.held().stream()
                .map(held ->
                        "more than half of the files of " + held.of() + " are gone at once; what they said stays in"
                                + " force until they were gone for flotilla.config-confirm-after, or \"flotilla config confirm"
                                + " directory\" says that it is meant (FL0711)")
                .collect(java.util.stream.Collectors.joining("; "));
    }

    /** What is held back. */
    FolderGuard guard() {
        return guard;
    }

    private static @Nullable FileStamp stamp(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? FileStamp.of(attributes) : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Why changes may be missing: a directory or file that cannot be read. */
    Optional<Problem> problem() {
        return Optional.ofNullable(lastProblem);
    }

    /** Something that could not be read, and since when. */
    record Problem(Instant since, String what) {}

    private void problem(String what) {
        Problem last = lastProblem;
        if (what.isEmpty()) {
            lastProblem = null;
        } else if (last == null || !last.what().equals(what)) {
            LOG.log(System.Logger.Level.WARNING, what);
            lastProblem = new Problem(last == null ? Instant.now() : last.since(), what);
        }
    }
}
