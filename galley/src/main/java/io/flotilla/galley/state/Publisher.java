package io.flotilla.galley.state;

import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshDefaults;
import io.flotilla.config.store.ConfigStore;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Takes changes of files one after the other and says what is served after each. Not for several threads at once. */
public final class Publisher {
    /** Under which its sequence stands in generations. */
    public static final String SOURCE = "directory";

    private final LongSupplier clock;
    private final ReadOptions options;
    private final Map<String, String> texts = new TreeMap<>();
    private boolean classic;
    private final long epoch;
    private long sequence;
    private ConfigStore store;
    private MeshObjects mesh;
    private Map<String, ResourceSet> sets = new HashMap<>();
    private List<Diagnostic> meshProblems = List.of();

    /**
     * @param clock milliseconds since 1970: sequences start there, so that they rise over restarts too
     */
    public Publisher(ReadOptions read, RegistryOptions registry, String rootNamespace, LongSupplier clock) {
        this.clock = clock;
        this.epoch = clock.getAsLong();
        this.options = read;
        this.classic = read.classic();
        this.store = ConfigStore.empty(read);
        this.mesh = MeshObjects.empty(registry, rootNamespace);
    }

    /**
     * What a change of files led to.
     *
     * @param held        the state after it
     * @param changed     published objects that are new or differ
     * @param removed     published objects that are gone
     * @param diagnostics of the files that changed
     */
    public record Outcome(
            Held held, Collection<Config<?>> changed, Set<ObjectKey> removed, List<Diagnostic> diagnostics) {
        /** This, and what came after it. */
        Outcome then(Outcome next) {
            Map<ObjectKey, Config<?>> all = new TreeMap<>();
            changed.forEach(config -> all.put(config.key(), config));
            next.changed.forEach(config -> all.put(config.key(), config));
            next.removed.forEach(all::remove);
            Set<ObjectKey> gone = new TreeSet<>(removed);
            gone.addAll(next.removed);
            gone.removeAll(all.keySet());
            return new Outcome(next.held, List.copyOf(all.values()), gone, next.diagnostics);
        }

        /** Nobody needs to be told. */
        public boolean isQuiet() {
            return changed.isEmpty() && removed.isEmpty();
        }
    }

    /** Takes the new text of files; empty where a file is gone. */
    public Outcome apply(Map<String, Optional<String>> files) {
        files.forEach(
                (file, text) -> text.ifPresentOrElse(content -> texts.put(file, content), () -> texts.remove(file)));
        Outcome outcome = step(files);
        boolean nowClassic =
                options.classic() || mesh.meshConfig().getCompatibility().equals(MeshDefaults.CLASSIC);
        if (nowClassic == classic) {
            return outcome;
        }
        // The mesh is of another era now: everything is judged anew.
        classic = nowClassic;
        store = store.withOptions(new ReadOptions(options.defaultNamespace(), classic));
        Map<String, Optional<String>> all = new TreeMap<>();
        texts.forEach((file, text) -> all.put(file, Optional.of(text)));
        return outcome.then(step(all));
    }

    private Outcome step(Map<String, Optional<String>> files) {
        ConfigStore.Change read = store.apply(files);
        store = read.store();
        MeshObjects.Change change = mesh.apply(read.changed(), read.removed());
        mesh = change.objects();
        if (!change.problems().isEmpty() || !read.changed().isEmpty()) {
            meshProblems = change.problems();
        }
        sets = sets(change);
        sequence = Math.max(sequence + 1, clock.getAsLong());
        View view = new View(new Generation(epoch, Map.of(SOURCE, sequence)), sets);
        List<Diagnostic> diagnostics = new ArrayList<>(read.diagnostics());
        diagnostics.addAll(change.problems());
        return new Outcome(new Held(store, mesh, view, meshProblems), change.changed(), change.removed(), diagnostics);
    }

    private Map<String, ResourceSet> sets(MeshObjects.Change change) {
        Map<String, List<Resource>> changed = new TreeMap<>();
        Map<String, List<String>> removed = new TreeMap<>();
        change.changed()
                .forEach(config -> Collections.of(config.key().kind())
                        .ifPresent(
                                collection -> changed.computeIfAbsent(collection.typeUrl(), type -> new ArrayList<>())
                                        .add(resource(config))));
        change.removed()
                .forEach(key -> Collections.of(key.kind())
                        .ifPresent(
                                collection -> removed.computeIfAbsent(collection.typeUrl(), type -> new ArrayList<>())
                                        .add(key.resourceName())));
        Set<String> touched = new TreeSet<>(changed.keySet());
        touched.addAll(removed.keySet());
        Map<String, ResourceSet> next = new HashMap<>(sets);
        for (String type : touched) {
            next.put(
                    type,
                    next.getOrDefault(type, ResourceSet.EMPTY)
                            .with(changed.getOrDefault(type, List.of()), removed.getOrDefault(type, List.of())));
        }
        return next;
    }

    /** Its version is the object's: a line that moved makes other bytes, and is no news. */
    private static Resource resource(Config<?> config) {
        Resource packed = Resource.of(config.key().resourceName(), Envelopes.wrap(config));
        return new Resource(packed.name(), config.version(), packed.any());
    }
}
