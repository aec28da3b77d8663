package io.flotilla.galley.keep;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.store.Document;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Held;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.flotilla.galley.state.Seed;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what Galley holds in "flotilla.state-dir", on a thread of its own, and gives it back at the next start. Nothing
 * is kept where that is not set. While a disk fails, Galley goes on; the next write that succeeds is a whole snapshot.
 */
@ApplicationScoped
public class StateKeeper implements Seed.Keeper, PublishListener {
    private static final Logger LOG = Logger.getLogger(StateKeeper.class);

    private final Optional<Path> folder;
    private final Map<Document, String> good = new TreeMap<>();
    private final Object monitor = new Object();

    private @Nullable KeptState state;
    private @Nullable FileChannel lockFile;
    private @Nullable Thread writer;
    private @Nullable Held latest;
    private Map<Document, KeptDocument> pending = new TreeMap<>();
    private boolean first = true;
    private boolean dirty;
    private boolean writing;
    private boolean closed;

    @Inject
    StateKeeper(@ConfigProperty(name = "flotilla.state-dir") Optional<String> folder) {
        this(folder.filter(text -> !text.isBlank()).map(Path::of).orElse(null));
    }

    StateKeeper(@Nullable Path folder) {
        this.folder = Optional.ofNullable(folder);
    }

    @Override
    public Optional<Seed> load() {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeptState opened = new KeptState(folder.get(), LOG::warn);
            if (!lock(folder.get())) {
                LOG.errorf("%s is in use by another Galley: nothing is kept; give each its own", folder.get());
                return Optional.empty();
            }
            Optional<Seed> seed = opened.load();
            seed.ifPresent(this::remember);
            state = opened;
            writer = Thread.ofPlatform().daemon().name("state-keeper").start(this::run);
            return seed;
        } catch (IOException e) {
            LOG.errorf("%s cannot be used, nothing is kept: %s", folder.get(), e);
            return Optional.empty();
        }
    }

    private void remember(Seed seed) {
        seed.lastGood()
                .forEach((source, texts) -> texts.forEach((name, text) -> good.put(source.document(name), text)));
    }

    private boolean lock(Path path) throws IOException {
        FileChannel file = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                lockFile = file;
                return true;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("held by this very process", e);
        }
        file.close();
        return false;
    }

    /** Only notes what is to be written: later changes of a document that waits replace earlier ones. */
    @Override
    public void published(Publisher.Outcome outcome) {
        if (state == null) {
            return;
        }
        Set<String> bad = new HashSet<>();
        outcome.diagnostics().stream()
                .filter(problem -> problem.severity() == Diagnostic.Severity.ERROR)
                .forEach(problem -> bad.add(problem.origin().file()));
        synchronized (monitor) {
            Held before = latest;
            outcome.documents().forEach((document, text) -> {
                note(document, text, bad.contains(document.name()), before);
                pending.put(document, kept(document, text.orElse(""), good));
            });
            latest = outcome.held();
            // Half of a state is no last known good one.
            dirty |= outcome.held().servable() && (first || !outcome.documents().isEmpty());
            first &= !outcome.held().servable();
            monitor.notifyAll();
        }
    }

    /** Holds on to the text before one that has errors: objects of it may still be in force. */
    private void note(Document document, Optional<String> text, boolean wrong, @Nullable Held before) {
        if (text.isEmpty() || !wrong) {
            good.remove(document);
        } else if (before != null) {
            String earlier = before.documents().get(document);
            if (earlier != null) {
                good.putIfAbsent(document, earlier);
            }
        }
    }

    private static KeptDocument kept(Document document, String text, Map<Document, String> good) {
        SourceName source = SourceName.of(document.source())
                .orElseThrow(() -> new IllegalArgumentException("no source is named " + document.source()));
        return new KeptDocument(source, document.name(), text, good.getOrDefault(document, ""));
    }

    private void run() {
        boolean whole = true;
        while (true) {
            Held held;
            List<KeptDocument> changes;
            Map<Document, String> goodNow;
            synchronized (monitor) {
                writing = false;
                monitor.notifyAll();
                while (!dirty && !closed) {
                    try {
                        monitor.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                held = latest;
                if (!dirty || held == null) {
                    return;
                }
                dirty = false;
                writing = true;
                changes = List.copyOf(pending.values());
                pending = new TreeMap<>();
                goodNow = new TreeMap<>(good);
            }
            whole = !write(held, changes, goodNow, whole || due());
        }
    }

    private static List<KeptDocument> everything(Held held, Map<Document, String> good) {
        List<KeptDocument> all = new ArrayList<>();
        held.documents().forEach((document, text) -> all.add(kept(document, text, good)));
        return all;
    }

    private boolean due() {
        KeptState open = state;
        try {
            return open == null || open.snapshotDue();
        } catch (IOException e) {
            return true;
        }
    }

    private boolean write(Held held, List<KeptDocument> changes, Map<Document, String> goodNow, boolean whole) {
        KeptState open = state;
        if (open == null) {
            return false;
        }
        try {
            if (whole) {
                open.snapshot(held.view().generation(), everything(held, goodNow));
            } else {
                open.append(new KeptChange(held.view().generation(), changes, false));
            }
            return true;
        } catch (IOException e) {
            LOG.errorf("cannot keep the state of generation %s: %s", held.view().generation(), e);
            return false;
        }
    }

    /** Waits until everything noted so far is written. */
    void settle() throws InterruptedException {
        synchronized (monitor) {
            while (writing || dirty) {
                monitor.wait();
            }
        }
    }

    @PreDestroy
    void close() throws IOException, InterruptedException {
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
        }
        Thread running = writer;
        if (running != null) {
            running.join();
        }
        KeptState open = state;
        if (open != null) {
            open.close();
        }
        FileChannel locked = lockFile;
        if (locked != null) {
            locked.close();
        }
    }

    @Override
    public String toString() {
        return "the keeper of the state";
    }
}
