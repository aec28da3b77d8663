package io.flotilla.galley.consul;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.galley.source.HeldDeletions;
import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.galley.source.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Consul's catalog: two blocking queries, for the list of services and for all checks, say what may have changed; the
 * instances of these services are asked for then. So it takes two connections however many services there are.
 */
final class ConsulSource implements Source {
    private static final System.Logger LOG = System.getLogger(ConsulSource.class.getName());
    private static final String SERVICES = "/v1/catalog/services";
    private static final String CHECKS = "/v1/health/state/any";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ConsulApi api;
    private final Duration blocking;
    private final ConsulDocuments documents;
    private final ConsulCatalog catalog = new ConsulCatalog();
    private final Semaphore signal = new Semaphore(0);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> failures = new TreeMap<>();
    private final Set<String> dirty = new TreeSet<>();
    private final List<ConsulWatch> watches = new ArrayList<>();
    private Set<String> services = Set.of();
    private boolean listed;
    private boolean synced;
    private @Nullable Instant failingSince;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    ConsulSource(ConsulApi api, String namespace, Duration blocking, MassDeletionGuard guard) {
        this.api = api;
        this.blocking = blocking;
        this.documents = new ConsulDocuments(new ConsulObjects(namespace), guard);
    }

    @Override
    public SourceName name() {
        return SourceName.CONSUL;
    }

    @Override
    public void start(SourceSink sink) {
        thread = Thread.ofVirtual().name("consul").start(() -> run(sink));
        watches.add(watch(SERVICES, this::services));
        watches.add(watch(CHECKS, this::checks));
    }

    private ConsulWatch watch(String path, java.util.function.Consumer<JsonNode> changed) {
        return new ConsulWatch(
                api,
                path,
                blocking,
                new ConsulWatch.Told(changed, () -> answered(path), problem -> failed(path, problem)));
    }

    private void services(JsonNode body) {
        locked(() -> {
            services = ConsulCatalog.services(body);
            // The list does not say which instances differ: all are looked at.
            dirty.addAll(services);
            dirty.addAll(documents.services());
            listed = true;
        });
        signal.release();
    }

    private void checks(JsonNode body) {
        locked(() -> dirty.addAll(catalog.checks(body, documents::onNode)));
        signal.release();
    }

    private void answered(String what) {
        locked(() -> {
            if (failures.remove(what) != null && failures.isEmpty()) {
                failingSince = null;
                LOG.log(System.Logger.Level.INFO, "Consul answers again");
            }
        });
    }

    private void failed(String what, String problem) {
        locked(() -> {
            if (failures.put(what, problem) == null) {
                LOG.log(System.Logger.Level.WARNING, "Consul: {0}; what is known stays", problem);
            }
            failingSince = failingSince == null ? Instant.now() : failingSince;
        });
    }

    private void run(SourceSink sink) {
        while (!closed) {
            try {
                Duration wait = documents.untilConfirmation(Instant.now());
                if (!signal.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    services(
                            api.get(SERVICES, CatalogIndex.START, Duration.ZERO).body());
                }
                signal.drainPermits();
                look(sink);
            } catch (ConsulFailure e) {
                if (closed) {
                    return;
                }
                failed("instances", String.valueOf(e.getMessage()));
                pause();
                signal.release();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(SourceSink sink) throws ConsulFailure {
        Set<String> wanted = new TreeSet<>();
        Set<String> present = new TreeSet<>();
        boolean[] ready = new boolean[1];
        locked(() -> {
            wanted.addAll(dirty);
            present.addAll(services);
            ready[0] = listed;
        });
        if (!ready[0]) {
            return;
        }
        for (String service : wanted) {
            if (present.contains(service)) {
                String path = "/v1/health/service/" + ConsulApi.encode(service);
                documents.take(
                        service,
                        api.get(path, CatalogIndex.START, Duration.ZERO).body());
            } else {
                documents.gone(service);
            }
            locked(() -> dirty.remove(service));
        }
        answered("instances");
        boolean first = !synced;
        var changes = documents.changes(Instant.now());
        if (first || !changes.isEmpty()) {
            sink.apply(SourceName.CONSUL, changes, true);
        }
        locked(() -> synced = true);
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<HeldDeletions> heldDeletions() {
        return documents.heldDeletions();
    }

    @Override
    public void confirm(HeldDeletions held) {
        documents.confirm();
        signal.release();
    }

    @Override
    public SourceStatus status() {
        lock.lock();
        try {
            String why = String.join("; ", failures.values());
            Instant since = failingSince;
            if (!synced) {
                return new SourceStatus.Starting(why.isEmpty() ? "Consul's catalog" : why);
            }
            String held = documents.held();
            if (since != null) {
                return new SourceStatus.Stale(since, why);
            }
            return held.isEmpty() ? new SourceStatus.Synced() : new SourceStatus.Stale(documents.heldSince(), held);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean alive() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        watches.forEach(ConsulWatch::close);
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        api.close();
    }
}
