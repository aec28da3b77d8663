package io.flotilla.galley.watch;

import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides which files that a directory lacks are deleted. More than half of them gone at once, and at least ten or with
 * the directory itself another one than before (a volume that was unmounted), is more likely an accident than meant: they
 * stay in force until they are still gone a while later, or the operator confirms. For any thread.
 */
final class FolderGuard {
    /** So few are deleted by hand every day. */
    static final int MANY = 10;

    /** Deletions that follow each other so quickly are one. */
    private static final Duration BURST = Duration.ofMillis(250);

    private final MassDeletionGuard guard;
    private final Map<Path, MassDeletionGuard.Pending> pending = new TreeMap<>();
    private final Map<Path, Burst> bursts = new TreeMap<>();

    /** Files that were deleted shortly one after the other, the last of them at its end. */
    private record Burst(int deleted, Instant end) {}

    FolderGuard(Duration confirmAfter) {
        guard = new MassDeletionGuard(confirmAfter);
    }

    /**
     * Those of the missing files that count as deleted now; the others are held.
     *
     * @param root     the directory
     * @param replaced it is another directory than the one that had the files
     * @param known    how many files it had, with those that are held
     * @param missing  all that it lacks, with those that are held
     */
    synchronized Set<Path> deleted(Path root, boolean replaced, int known, Set<Path> missing, Instant now) {
        MassDeletionGuard.Pending before = pending.remove(root);
        if (missing.isEmpty()) {
            return Set.of();
        }
        if (before != null) {
            // While something waits, what goes too waits with it: it is most likely the same accident.
            if (now.isBefore(guard.due(before))) {
                hold(root, missing, before.since());
                return Set.of();
            }
            return missing;
        }
        Burst last = bursts.get(root);
        int recent = last != null && now.isBefore(last.end().plus(BURST)) ? last.deleted() : 0;
        int gone = recent + missing.size();
        if (gone * 2L > known + recent && (replaced || gone >= MANY)) {
            hold(root, missing, now);
            return Set.of();
        }
        bursts.put(root, new Burst(gone, now));
        return missing;
    }

    private void hold(Path root, Set<Path> missing, Instant since) {
        pending.put(
                root,
                new MassDeletionGuard.Pending(
                        missing.stream().map(Path::toString).collect(Collectors.toUnmodifiableSet()), since));
    }

    /** Files of a directory that are held. */
    synchronized Set<Path> held(Path root) {
        MassDeletionGuard.Pending held = pending.get(root);
        return held == null ? Set.of() : held.names().stream().map(Path::of).collect(Collectors.toUnmodifiableSet());
    }

    /** What waits, by directory. */
    synchronized List<HeldDeletions> held() {
        return pending.entrySet().stream()
                .map(each -> HeldDeletions.of(each.getKey().toString(), each.getValue()))
                .toList();
    }

    /** They are meant: the next look deletes them. */
    synchronized void confirm(HeldDeletions held) {
        Path root = Path.of(held.of());
        MassDeletionGuard.Pending waits = pending.get(root);
        if (waits != null) {
            pending.put(root, new MassDeletionGuard.Pending(waits.names(), Instant.EPOCH));
        }
    }
}
