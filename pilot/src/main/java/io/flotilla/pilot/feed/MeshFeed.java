package io.flotilla.pilot.feed;

import com.google.protobuf.ByteString;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.feed.SnapshotFeed;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.SavedState;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Galley sends into states of the mesh. It starts with the state of the last run, and leaves it only for one
 * that is at least as new, or when Galley has insisted on an older one for a while.
 */
public final class MeshFeed implements UpdateListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MeshFeed.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Predicate<MeshState> states;
    private final Consumer<String> left;
    private final @Nullable StateKeeper keeper;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("mesh-feed").factory());
    private SnapshotFeed feed;
    private View applied = new View(Generation.NONE, Map.of());
    // Set while the state of the last run is in force.
    private boolean seeded;
    private @Nullable Update held;
    private @Nullable Future<?> waiting;

    /**
     * @param saved  where the state is kept; null for nowhere
     * @param states gets each new state, and says whether it is in force: only such a one is kept for the next run
     * @param left   gets the UID of each pod that is not in the registry any more
     */
    public MeshFeed(
            MeshSettings settings, @Nullable SavedState saved, Predicate<MeshState> states, Consumer<String> left) {
        this.states = states;
        this.left = left;
        this.feed = SnapshotFeed.empty(settings);
        this.keeper = saved == null ? null : new StateKeeper(saved);
        if (saved != null) {
            saved.read().ifPresent(this::seed);
        }
    }

    /** One that nobody asks which pods have gone. */
    public MeshFeed(MeshSettings settings, @Nullable SavedState saved, Predicate<MeshState> states) {
        this(settings, saved, states, uid -> {});
    }

    private synchronized void seed(View view) {
        LOG.log(Level.INFO, "serving the state of the last run, generation " + view.generation());
        seeded = true;
        step(view, differences(view));
    }

    @Override
    public synchronized void apply(Update update) {
        if (seeded && !update.generation().dominates(applied.generation())) {
            if (held == null) {
                LOG.log(
                        Level.INFO,
                        "Galley's generation {0} is older than {1}, which stays for now",
                        update.generation(),
                        applied.generation());
                waiting = timer.schedule(this::giveIn, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            held = update;
            return;
        }
        take(update);
    }

    private synchronized void giveIn() {
        Update last = held;
        if (last != null) {
            take(last);
        }
    }

    private void take(Update update) {
        // Changes are told against what the client had, which is not what the last run had.
        Map<String, ResourceDiff> changes = seeded ? differences(update.view()) : update.changes();
        seeded = false;
        held = null;
        if (waiting != null) {
            waiting.cancel(false);
            waiting = null;
        }
        if (step(update.view(), changes) && keeper != null) {
            keeper.keep(update.view());
        }
    }

    private Map<String, ResourceDiff> differences(View view) {
        Map<String, ResourceDiff> changes = new HashMap<>();
        Set<String> types = new TreeSet<>(view.types().keySet());
        types.addAll(applied.types().keySet());
        types.forEach(type -> changes.put(
                type,
                ResourceDiff.between(
                        applied.types().getOrDefault(type, ResourceSet.EMPTY),
                        view.types().getOrDefault(type, ResourceSet.EMPTY))));
        return changes;
    }

    private boolean step(View view, Map<String, ResourceDiff> changes) {
        Map<String, SnapshotFeed.Delta> deltas = new TreeMap<>();
        changes.forEach((type, diff) -> {
            Map<String, ByteString> changed = new TreeMap<>();
            for (Resource resource : diff.changed()) {
                changed.put(resource.name(), resource.any());
            }
            deltas.put(type, new SnapshotFeed.Delta(changed, new TreeSet<>(diff.removed())));
        });
        MeshSnapshot before = feed.snapshot();
        SnapshotFeed.Step step = feed.apply(deltas);
        step.broken().forEach(name -> LOG.log(Level.WARNING, "Galley sent something unreadable: " + name));
        feed = step.feed();
        applied = view;
        missing(before, step);
        return states.test(new MeshState(
                view.generation(),
                feed.snapshot(),
                kinds(before, step),
                step.moves(),
                Groups.of(view),
                System.nanoTime()));
    }

    private void missing(MeshSnapshot before, SnapshotFeed.Step step) {
        for (ObjectKey key : step.changed()) {
            if (key.kind().equals(Kind.REGISTRY_WORKLOAD)) {
                Optional<String> now = uid(step.feed().snapshot(), key);
                uid(before, key).filter(uid -> !now.equals(Optional.of(uid))).ifPresent(left);
            }
        }
    }

    private static Optional<String> uid(MeshSnapshot mesh, ObjectKey pod) {
        return mesh.workload(pod.namespace(), pod.name()).map(Workload::getUid).filter(uid -> !uid.isEmpty());
    }

    // A step to the same state, or to other endpoints, says so whatever kinds of objects it took.
    private static Set<Kind> kinds(MeshSnapshot before, SnapshotFeed.Step step) {
        Set<Kind> kinds = new HashSet<>();
        step.changed().stream().map(ObjectKey::kind).forEach(kinds::add);
        if (step.moves().isPresent()) {
            return kinds(step.moves().get());
        }
        boolean services = kinds.contains(Kind.SERVICE_ENTRY) || kinds.contains(Kind.REGISTRY_SERVICE);
        if (services && sameServices(before, step.feed().snapshot())) {
            kinds.removeAll(Set.of(Kind.SERVICE_ENTRY, Kind.REGISTRY_SERVICE));
            kinds.add(Kind.REGISTRY_WORKLOAD);
        }
        return kinds;
    }

    private static Set<Kind> kinds(Moves moves) {
        Set<Kind> kinds = new HashSet<>();
        if (!moves.endpoints().isEmpty()) {
            kinds.add(Kind.REGISTRY_ENDPOINT_SLICE);
        }
        if (!moves.routes().isEmpty()) {
            kinds.add(Kind.VIRTUAL_SERVICE);
        }
        if (!moves.services().isEmpty()) {
            kinds.add(Kind.REGISTRY_SERVICE);
        }
        return kinds;
    }

    // What an edit of services changed, where they are equal afterwards, is who serves them.
    private static boolean sameServices(MeshSnapshot before, MeshSnapshot after) {
        if (before.services().size() != after.services().size()) {
            return false;
        }
        Iterator<MeshService> others = after.services().iterator();
        return before.services().stream().allMatch(service -> service.equals(others.next()));
    }

    @Override
    public void connection(boolean up, String reason) {
        LOG.log(Level.INFO, up ? "connected to Galley" : "lost Galley: " + reason);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (keeper != null) {
            keeper.close();
        }
    }
}
