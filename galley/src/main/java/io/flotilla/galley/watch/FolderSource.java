package io.flotilla.galley.watch;

import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.source.SourceStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Directories of manifests as a source: it has told everything with its first scan. */
public final class FolderSource implements Source {
    private static final System.Logger LOG = System.getLogger(FolderSource.class.getName());

    private final List<Path> roots;
    private final Duration settle;
    private final Duration rescan;
    private final FolderGuard guard;
    private volatile boolean scanned;
    private volatile @Nullable FolderWatch watch;

    /**
     * Directories as a source.
     *
     * @param confirmAfter how long more than half of a directory's files must be gone until that is believed
     */
    public FolderSource(List<Path> roots, Duration settle, Duration rescan, Duration confirmAfter) {
        this.guard = new FolderGuard(confirmAfter);
        this.roots = List.copyOf(roots);
        this.settle = settle;
        this.rescan = rescan;
    }

    @Override
    public SourceName name() {
        return SourceName.DIRECTORY;
    }

    @Override
    public void start(SourceSink sink) {
        FolderWatch folders = new FolderWatch(roots, settle, rescan, guard, files -> {
            sink.apply(SourceName.DIRECTORY, files, true);
            scanned = true;
        });
        watch = folders;
        folders.start();
    }

    @Override
    public SourceStatus status() {
        if (!scanned) {
            return new SourceStatus.Starting("the first scan of " + roots);
        }
        FolderWatch folders = watch;
        return folders == null
                ? new SourceStatus.Starting("the first scan of " + roots)
                : folders.problem()
                        .<SourceStatus>map(problem -> new SourceStatus.Stale(problem.since(), problem.what()))
                        .orElseGet(SourceStatus.Synced::new);
    }

    @Override
    public List<HeldDeletions> heldDeletions() {
        return guard.held();
    }

    @Override
    public void confirm(HeldDeletions held) {
        guard.confirm(held);
    }

    @Override
    public boolean alive() {
        FolderWatch folders = watch;
        return folders != null && folders.alive();
    }

    @Override
    public void close() {
        FolderWatch folders = watch;
        if (folders != null) {
            try {
                folders.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "folder watch does not close", e);
            }
        }
    }
}
