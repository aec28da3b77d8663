package io.flotilla.galley.state;

import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.Ownership;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshDefaults;
import io.flotilla.config.store.ConfigStore;
import io.flotilla.config.store.DerivedObjects;
import io.flotilla.config.store.Document;
import io.flotilla.config.store.SortedTree;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.galley.source.SourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Takes changes of documents one after the other and says what is served after each. What an earlier run held stays in
 * force until its source has told everything, so that a restart deletes nothing that is still there. Not for several
 * threads at once.
 */
public final class Publisher {
    private final LongSupplier clock;
    private final ReadOptions options;
    private final Sequences sequences;
    private final Syncs syncs;
    private boolean classic;
    private SortedTree<Document, String> texts = SortedTree.empty();
    private ConfigStore store;
    private DerivedObjects derived;
    private MeshObjects mesh;
    private Ownership ownership = Ownership.of(OwnershipOptions.OFF);
    private Map<String, ResourceSet> sets = new HashMap<>();
    private List<Diagnostic> meshProblems = List.of();

    /**
     * @param sources that will tell something: the state is whole once each has told everything
     * @param clock   milliseconds since 1970: sequences start there, so that they rise over restarts too
     */
    public Publisher(
            Set<SourceName> sources,
            ReadOptions read,
            RegistryOptions registry,
            String rootNamespace,
            LongSupplier clock) {
        this.clock = clock;
        this.sequences = new Sequences(clock);
        this.syncs = new Syncs(sources);
        this.options = read;
        this.classic = read.classic();
        this.store = ConfigStore.empty(read);
        this.derived = DerivedObjects.empty(DeriveOptions.of(registry.domainSuffix(), rootNamespace));
        this.mesh = MeshObjects.empty(registry, rootNamespace);
    }

    /** Other APIs are translated by these options from now on; before any change. */
    public Publisher deriving(DeriveOptions options) {
        derived = DerivedObjects.empty(options);
        return this;
    }

    /** Hosts are owned from now on; before any change. */
    public Publisher owning(OwnershipOptions owned) {
        ownership = Ownership.of(owned);
        return this;
    }

    /**
     * What a change led to.
     *
     * @param held        the state after it
     * @param documents   what was taken: a document's new text, empty where it is gone
     * @param changed     published objects that are new or differ
     * @param removed     published objects that are gone
     * @param diagnostics of the documents that changed
     * @param at          when, in milliseconds since 1970
     */
    public record Outcome(
            Held held,
            SortedMap<Document, Optional<String>> documents,
            Collection<Config<?>> changed,
            Set<ObjectKey> removed,
            List<Diagnostic> diagnostics,
            long at) {
        /** This, and what came after it. */
        Outcome then(Outcome next) {
            Map<ObjectKey, Config<?>> all = new TreeMap<>();
            changed.forEach(config -> all.put(config.key(), config));
            next.changed.forEach(config -> all.put(config.key(), config));
            next.removed.forEach(all::remove);
            Set<ObjectKey> gone = new TreeSet<>(removed);
            gone.addAll(next.removed);
            gone.removeAll(all.keySet());
            return new Outcome(next.held, documents, List.copyOf(all.values()), gone, next.diagnostics, next.at);
        }

        /** Nobody needs to be told. */
        public boolean isQuiet() {
            return changed.isEmpty() && removed.isEmpty();
        }
    }

    /** Begins with what an earlier run held; before any change, and only where it held something. */
    public Outcome seed(Seed seed) {
        sequences.resume(seed.generation());
        Outcome before = judged(kept(seed.lastGood()));
        SortedMap<Document, Optional<String>> all = kept(seed.documents());
        all.keySet()
                .forEach(document ->
                        SourceName.of(document.source()).ifPresent(source -> syncs.held(source, document.name())));
        Outcome after = judged(all);
        return before.documents().isEmpty() ? after : before.then(after);
    }

    private SortedMap<Document, Optional<String>> kept(Map<SourceName, Map<String, String>> documents) {
        SortedMap<Document, Optional<String>> all = new TreeMap<>();
        documents.forEach((source, texts) -> {
            if (syncs.expects(source)) {
                texts.forEach((name, text) -> all.put(source.document(name), Optional.of(text)));
            }
        });
        return all;
    }

    /** Takes a change of one source; see {@link io.flotilla.galley.source.SourceSink}. */
    public Outcome apply(SourceName source, Map<String, Optional<String>> documents, boolean synced) {
        Map<String, Optional<String>> effective = syncs.apply(source, documents, synced);
        SortedMap<Document, Optional<String>> all = new TreeMap<>();
        effective.forEach((name, text) -> all.put(source.document(name), text));
        sequences.advance(source, syncs.toldAll(source));
        return judged(all);
    }

    private Outcome judged(SortedMap<Document, Optional<String>> documents) {
        documents.forEach((document, text) ->
                texts = text.isPresent() ? texts.with(document, text.get()) : texts.without(document));
        Outcome outcome = step(documents);
        boolean nowClassic =
                options.classic() || mesh.meshConfig().getCompatibility().equals(MeshDefaults.CLASSIC);
        if (nowClassic == classic) {
            return outcome;
        }
        // The mesh is of another era now: everything is judged anew.
        classic = nowClassic;
        store = store.withOptions(new ReadOptions(options.defaultNamespace(), classic));
        SortedMap<Document, Optional<String>> all = new TreeMap<>();
        texts.forEach((document, text) -> all.put(document, Optional.of(text)));
        return outcome.then(step(all));
    }

    private Outcome step(SortedMap<Document, Optional<String>> documents) {
        Ownership.Step owned = ownership.apply(store, store.applyDocuments(documents));
        ownership = owned.ownership();
        ConfigStore.Change read = owned.change();
        store = read.store();
        DerivedObjects.Step step = derived.apply(read.changed(), read.removed(), store::object, ownership.owners());
        boolean news = step.state() != derived;
        derived = step.state();
        MeshObjects.Change change = mesh.apply(step.changed(), step.removed());
        mesh = change.objects();
        if (!change.problems().isEmpty() || !read.changed().isEmpty()) {
            meshProblems = change.problems();
        }
        sets = ViewSets.after(sets, change);
        View view = new View(sequences.generation(), sets);
        List<Diagnostic> diagnostics = new ArrayList<>(read.diagnostics());
        diagnostics.addAll(change.problems());
        diagnostics.addAll(news ? derived.problems() : List.of());
        List<Diagnostic> problems = new ArrayList<>(meshProblems);
        problems.addAll(derived.problems());
        problems.addAll(ownership.problems());
        Held held =
                new Held(store, mesh, view, problems, texts, syncs.servable(), syncs.complete(), ownership, derived);
        return new Outcome(held, documents, change.changed(), change.removed(), diagnostics, clock.getAsLong());
    }
}
