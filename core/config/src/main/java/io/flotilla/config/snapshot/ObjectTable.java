package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.SortedTree;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All objects of a snapshot by kind and key. Immutable: a change costs what it touches, and shares the rest. */
final class ObjectTable {
    static final ObjectTable EMPTY = new ObjectTable(Map.of());

    private final Map<Kind, SortedTree<ObjectKey, Config<?>>> byKind;

    private ObjectTable(Map<Kind, SortedTree<ObjectKey, Config<?>>> byKind) {
        this.byKind = byKind;
    }

    ObjectTable with(Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        Map<Kind, SortedTree<ObjectKey, Config<?>>> next = new HashMap<>(byKind);
        for (ObjectKey key : removed) {
            next.computeIfPresent(key.kind(), (kind, objects) -> objects.without(key));
        }
        for (Config<?> config : changed) {
            SortedTree<ObjectKey, Config<?>> objects =
                    next.getOrDefault(config.key().kind(), SortedTree.empty());
            next.put(config.key().kind(), objects.with(config.key(), config));
        }
        return new ObjectTable(next);
    }

    /** Objects of a kind, sorted; the kind says which message they hold. */
    @SuppressWarnings("unchecked") // every kind has one message type, checked where objects enter
    <T extends Message> Collection<Config<T>> all(Kind kind, Class<T> type) {
        SortedTree<ObjectKey, Config<?>> objects = byKind.get(kind);
        return objects == null ? List.of() : (Collection<Config<T>>) (Collection<?>) objects.values();
    }

    @Nullable
    Config<?> get(ObjectKey key) {
        SortedTree<ObjectKey, Config<?>> objects = byKind.get(key.kind());
        return objects == null ? null : objects.get(key);
    }

    Collection<Config<?>> all() {
        return byKind.values().stream()
                .flatMap(objects -> objects.values().stream())
                .toList();
    }
}
