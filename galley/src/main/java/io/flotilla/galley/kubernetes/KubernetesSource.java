package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.config.model.Kind;
import io.flotilla.galley.kubernetes.Target.Only;
import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.source.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster: one watch for each kind that it serves and the mesh acts on. Which these are is asked again and again, and
 * at once when a CRD comes or goes. It has told everything once each kind was listed.
 */
public final class KubernetesSource implements Source, KindWatch.Owner {
    private static final System.Logger LOG = System.getLogger(KubernetesSource.class.getName());

    private final ClusterClient client;
    private final Options options;
    private final ReentrantLock lock = new ReentrantLock();
    /** Apart from the other: whoever is told may ask for what is read. */
    private final ReentrantLock telling = new ReentrantLock();

    private final Map<String, KindWatch> watches = new TreeMap<>();
    private final Semaphore look = new Semaphore(0);
    private volatile Set<String> selected = Set.of();
    /** Only those that were told: of a namespace that a list merely lacks nothing is known. */
    private volatile Set<String> unselected = Set.of();

    private volatile String undiscovered = "which kinds the cluster serves";
    private volatile boolean discovered;
    private volatile boolean namespacesKnown;
    private volatile boolean synced;
    private volatile boolean closed;
    private @Nullable SourceSink sink;
    private @Nullable Thread thread;

    /**
     * How a cluster is read.
     *
     * @param rootNamespace where the suite runs: always read, and where the mesh's ConfigMaps stand
     * @param meshConfig    names of these ConfigMaps
     * @param page          objects per page of a list
     * @param times         how often it is asked which kinds are served, how long a watch lasts
     */
    public record Options(
            NamespaceSelector namespaces,
            String rootNamespace,
            Set<String> meshConfig,
            int page,
            MassDeletionGuard guard,
            Times times) {
        /** How often, and how long. */
        public record Times(Duration discovery, Duration watch) {}

        Duration watch() {
            return times.watch();
        }

        private List<Only> configMaps() {
            return meshConfig.stream()
                    .sorted()
                    .map(name -> new Only(rootNamespace, name))
                    .toList();
        }
    }

    KubernetesSource(ClusterClient client, Options options) {
        this.client = client;
        this.options = options;
    }

    @Override
    public SourceName name() {
        return SourceName.KUBERNETES;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public void start(SourceSink to) {
        sink = to;
        thread = Thread.ofPlatform().daemon().name("kubernetes").start(this::run);
    }

    private void run() {
        new CrdWatch(client, look::release, () -> closed, options.watch()).start();
        int failures = 0;
        while (!closed) {
            failures = discover() ? 0 : failures + 1;
            Duration wait = failures == 0 ? options.times().discovery() : Backoff.delay(failures, Math.random());
            try {
                if (look.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    look.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean discover() {
        Discovery.Outcome outcome = Discovery.ask(client);
        if (outcome.served().isEmpty()) {
            String why = "discovery: " + outcome.error();
            if (!undiscovered.equals(why)) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", client.server(), why);
            }
            undiscovered = why;
            return false;
        }
        undiscovered = "";
        lock.lock();
        try {
            arrange(Interests.targets(outcome.served().get(), options.configMaps()));
        } finally {
            lock.unlock();
        }
        if (watches().isEmpty()) {
            tell(Map.of());
        }
        return true;
    }

    private void arrange(List<Target> targets) {
        Map<String, Target> wanted = new TreeMap<>();
        targets.forEach(target -> wanted.put(target.id(), target));
        watches.values().removeIf(KindWatch::over);
        List<KindWatch> begin = new ArrayList<>();
        wanted.forEach((id, target) -> {
            KindWatch running = watches.get(id);
            if (running == null || !running.target().equals(target)) {
                begin.add(replace(running, target));
            }
        });
        if (!discovered) {
            leftovers(wanted).forEach(target -> begin.add(replace(null, target)));
        }
        for (KindWatch watch : List.copyOf(watches.values())) {
            if (!wanted.containsKey(watch.target().id()) && watch.target().served()) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "{0} is not served any more",
                        watch.target().id());
                begin.add(replace(watch, Target.unserved(watch.target().kind())));
            }
        }
        discovered = true;
        begin.forEach(KindWatch::start);
    }

    /** Takes over what was known. */
    private KindWatch replace(@Nullable KindWatch before, Target target) {
        KnownObjects known;
        if (before == null) {
            known = KnownObjects.held(heldBy(target));
            if (discovered) {
                LOG.log(System.Logger.Level.INFO, "{0} is served now", target.id());
            }
        } else {
            before.stop();
            known = before.known();
        }
        KindWatch watch = new KindWatch(target, client, this, known);
        watches.put(target.id(), watch);
        return watch;
    }

    private Collection<String> heldBy(Target target) {
        return discovered ? List.of() : held().filter(target::owns).toList();
    }

    private Stream<String> held() {
        return Objects.requireNonNull(sink, "started").held(SourceName.KUBERNETES).stream();
    }

    /** Kinds of an earlier run that are not served now. */
    private List<Target> leftovers(Map<String, Target> wanted) {
        Set<Kind> kinds = new HashSet<>();
        held().filter(document -> wanted.values().stream().noneMatch(target -> target.owns(document)))
                .forEach(document -> DocumentNames.key(document).ifPresent(key -> kinds.add(key.kind())));
        return kinds.stream()
                .sorted(Comparator.naturalOrder())
                .map(Target::unserved)
                .toList();
    }

    @Override
    public void told(KindWatch watch, Map<String, Optional<String>> news) {
        if (watch.target().kind().equals(Kind.NAMESPACE)) {
            select(news);
            namespacesKnown = true;
        }
        tell(news);
    }

    private void tell(Map<String, Optional<String>> news) {
        telling.lock();
        try {
            synced |= discovered && watches().stream().allMatch(KindWatch::whole);
            if (!closed) {
                Objects.requireNonNull(sink, "started").apply(SourceName.KUBERNETES, news, synced);
            }
        } finally {
            telling.unlock();
        }
    }

    @Override
    public boolean listable(Target target) {
        return namespacesKnown
                || options.namespaces().equals(NamespaceSelector.ALL)
                || !target.namespaced()
                || !target.only().equals(Only.ALL);
    }

    /** Namespaces came, went or were labelled: whatever is in those that are read now was passed over before. */
    private void select(Map<String, Optional<String>> news) {
        if (options.namespaces().equals(NamespaceSelector.ALL)) {
            return;
        }
        Set<String> next = new HashSet<>(selected);
        Set<String> others = new HashSet<>(unselected);
        news.forEach((document, text) -> DocumentNames.key(document).ifPresent(key -> {
            if (text.isPresent() && options.namespaces().selects(labels(text.get()))) {
                next.add(key.name());
                others.remove(key.name());
            } else {
                next.remove(key.name());
                others.add(key.name());
            }
        }));
        boolean moved = !next.equals(selected);
        unselected = Set.copyOf(others);
        selected = Set.copyOf(next);
        if (moved) {
            lock.lock();
            try {
                watches.values().stream()
                        .filter(watch -> watch.target().namespaced())
                        .forEach(KindWatch::relist);
            } finally {
                lock.unlock();
            }
        }
    }

    private Map<String, String> labels(String namespace) {
        Map<String, String> labels = new TreeMap<>();
        JsonNode found = client.parse(namespace).path("metadata").path("labels");
        found.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    @Override
    public boolean selects(String namespace) {
        return options.namespaces().equals(NamespaceSelector.ALL)
                || namespace.equals(options.rootNamespace())
                || selected.contains(namespace);
    }

    @Override
    public boolean passesOver(String namespace) {
        return unselected.contains(namespace) && !selects(namespace);
    }

    /** What is read, sorted. */
    List<KindWatch> watches() {
        lock.lock();
        try {
            return List.copyOf(watches.values());
        } finally {
            lock.unlock();
        }
    }

    /** Where a kind is read; empty where the cluster does not serve it. */
    Optional<Target> target(Kind kind) {
        return watches().stream()
                .map(KindWatch::target)
                .filter(target -> target.kind().equals(kind) && target.served())
                .findFirst();
    }

    @Override
    public List<HeldDeletions> heldDeletions() {
        List<HeldDeletions> held = new ArrayList<>();
        for (KindWatch watch : watches()) {
            MassDeletionGuard.Pending waits = watch.known().pending();
            if (waits != null) {
                held.add(HeldDeletions.of(watch.target().id(), waits));
            }
        }
        return held;
    }

    @Override
    public void confirm(HeldDeletions held) {
        watches().stream()
                .filter(watch -> watch.target().id().equals(held.of()))
                .forEach(KindWatch::confirm);
    }

    @Override
    public SourceStatus status() {
        List<KindWatch> all = watches();
        Optional<KindWatch.Trouble> oldest = all.stream()
                .flatMap(watch -> watch.trouble().stream())
                .min(Comparator.comparing(KindWatch.Trouble::since));
        if (!synced) {
            String waiting = !undiscovered.isEmpty()
                    ? undiscovered
                    : all.stream()
                            .filter(watch -> !watch.whole())
                            .map(watch -> watch.trouble()
                                    .map(KindWatch.Trouble::why)
                                    .orElse(watch.target().id() + ": a list that confirms deletions"))
                            .findFirst()
                            .orElse("the first list");
            return new SourceStatus.Starting(waiting);
        }
        return oldest.<SourceStatus>map(trouble -> new SourceStatus.Stale(trouble.since(), trouble.why()))
                .orElseGet(SourceStatus.Synced::new);
    }

    @Override
    public boolean alive() {
        Thread running = thread;
        return closed || (running != null && running.isAlive());
    }

    @Override
    public void close() {
        closed = true;
        look.release();
        watches().forEach(KindWatch::stop);
        client.close();
    }
}
