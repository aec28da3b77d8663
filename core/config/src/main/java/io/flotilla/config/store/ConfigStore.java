package io.flotilla.config.store;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The objects in force, as documents come, change and go. Immutable; a change costs what it touches, however much is
 * held. An object that is invalid in its document stays in force as it last was valid there; one that its document no
 * longer has is gone, unless part of the document could not be read. Of two documents with the same object the one of
 * the source that counts more has it; within a source the last by name, as if they were applied one by one.
 */
public final class ConfigStore {
    private final ObjectReader reader;
    private final SortedTree<Document, DocumentState> documents;
    private final SortedTree<ObjectKey, Claims> claims;

    private ConfigStore(
            ObjectReader reader, SortedTree<Document, DocumentState> documents, SortedTree<ObjectKey, Claims> claims) {
        this.reader = reader;
        this.documents = documents;
        this.claims = claims;
    }

    public static ConfigStore empty(ReadOptions options) {
        return new ConfigStore(new ObjectReader(options), SortedTree.empty(), SortedTree.empty());
    }

    /** The same state, which reads documents by other options from now on. */
    public ConfigStore withOptions(ReadOptions options) {
        return new ConfigStore(new ObjectReader(options), documents, claims);
    }

    /**
     * The outcome of a change of documents.
     *
     * @param store       the new state
     * @param changed     objects that are new in force or differ, sorted
     * @param removed     objects that are no longer in force
     * @param diagnostics of the documents that changed
     */
    public record Change(
            ConfigStore store, List<Config<?>> changed, Set<ObjectKey> removed, List<Diagnostic> diagnostics) {}

    /** Everything in force, sorted. */
    public Collection<Config<?>> objects() {
        return new InForce(claims.values());
    }

    /** The object in force under a key. */
    public Optional<Config<?>> object(ObjectKey key) {
        Claims found = claims.get(key);
        return found == null ? Optional.empty() : Optional.of(found.winner());
    }

    /** Documents that contribute, sorted by how much they count. */
    public Collection<Document> documents() {
        return documents.keys();
    }

    /** All problems of all documents as they are now. */
    public List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>();
        documents.values().forEach(document -> all.addAll(document.problems()));
        return List.copyOf(all);
    }

    /** Takes the new text of files of a folder; empty where a file is gone. */
    public Change apply(Map<String, Optional<String>> files) {
        SortedMap<Document, Optional<String>> texts = new TreeMap<>();
        files.forEach((file, text) -> texts.put(Document.file(file), text));
        return applyDocuments(texts);
    }

    /** Takes the new text of documents; empty where a document is gone. */
    public Change applyDocuments(SortedMap<Document, Optional<String>> texts) {
        SortedTree<Document, DocumentState> next = documents;
        SortedTree<ObjectKey, Claims> force = claims;
        Set<ObjectKey> affected = new TreeSet<>();
        List<Diagnostic> diagnostics = new ArrayList<>();
        for (Map.Entry<Document, Optional<String>> entry : texts.entrySet()) {
            Document document = entry.getKey();
            DocumentState known = next.get(document);
            DocumentState before = known == null ? DocumentState.EMPTY : known;
            DocumentState after = DocumentState.EMPTY;
            if (entry.getValue().isEmpty()) {
                next = next.without(document);
            } else {
                after = before.read(
                        reader.read(document.name(), entry.getValue().get()));
                next = next.with(document, after);
                diagnostics.addAll(after.problems());
            }
            Set<ObjectKey> touched = new TreeSet<>(before.good().keys());
            touched.addAll(after.good().keys());
            for (ObjectKey key : touched) {
                force = claim(force, key, document, after.good().get(key));
            }
            affected.addAll(touched);
        }
        affected.forEach(new Conflicts(force, diagnostics)::add);
        return change(new ConfigStore(reader, next, force), affected, diagnostics);
    }

    private static SortedTree<ObjectKey, Claims> claim(
            SortedTree<ObjectKey, Claims> force, ObjectKey key, Document document, @Nullable Config<?> config) {
        Claims before = force.get(key);
        Claims after = (before == null ? Claims.NONE : before).with(document, config);
        return after.isEmpty() ? force.without(key) : force.with(key, after);
    }

    /** Says of each object that several documents have which one counts. */
    private record Conflicts(SortedTree<ObjectKey, Claims> force, List<Diagnostic> found) {
        void add(ObjectKey key) {
            Claims all = force.get(key);
            if (all == null) {
                return;
            }
            for (int i = 0; i + 1 < all.size(); i++) {
                Document loser = all.document(i);
                Document winner = all.document(i + 1);
                Origin counts = all.config(i + 1).origin();
                boolean same = loser.source().equals(winner.source());
                String message = same
                        ? "is also in " + counts + ", which counts"
                        : "is also in " + counts + ", which counts, since " + winner.source() + " comes before "
                                + loser.source() + "; remove one of them";
                found.add(new Diagnostic(
                        Severity.WARNING,
                        same ? "FL0007" : "FL0710",
                        all.config(i).origin(),
                        key.toString(),
                        "",
                        message));
            }
        }
    }

    private Change change(ConfigStore after, Set<ObjectKey> affected, List<Diagnostic> diagnostics) {
        List<Config<?>> changed = new ArrayList<>();
        Set<ObjectKey> removed = new TreeSet<>();
        for (ObjectKey key : affected) {
            Claims before = claims.get(key);
            Claims now = after.claims.get(key);
            if (now == null) {
                if (before != null) {
                    removed.add(key);
                }
            } else if (before == null
                    || !before.winner().version().equals(now.winner().version())) {
                changed.add(now.winner());
            }
        }
        return new Change(after, List.copyOf(changed), removed, List.copyOf(diagnostics));
    }
}
