package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All objects of a snapshot by kind and key. Immutable: a change copies the maps of the kinds that it touches. */
final class ObjectTable {
    static final ObjectTable EMPTY = new ObjectTable(Map.of());

    private final Map<Kind, SortedMap<ObjectKey, Config<?>>> byKind;

    private ObjectTable(Map<Kind, SortedMap<ObjectKey, Config<?>>> byKind) {
        this.byKind = byKind;
    }

    ObjectTable with(Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        Map<Kind, SortedMap<ObjectKey, Config<?>>> next = new HashMap<>(byKind);
        Map<Kind, SortedMap<ObjectKey, Config<?>>> touched = new HashMap<>();
        for (ObjectKey key : removed) {
            touched.computeIfAbsent(key.kind(), this::copy).remove(key);
        }
        for (Config<?> config : changed) {
            touched.computeIfAbsent(config.key().kind(), this::copy).put(config.key(), config);
        }
        touched.forEach((kind, objects) -> next.put(kind, Collections.unmodifiableSortedMap(objects)));
        return new ObjectTable(next);
    }

    private SortedMap<ObjectKey, Config<?>> copy(Kind kind) {
        SortedMap<ObjectKey, Config<?>> objects = byKind.get(kind);
        return objects == null ? new TreeMap<>() : new TreeMap<>(objects);
    }

    /** Objects of a kind, sorted; the kind says which message they hold. */
    @SuppressWarnings("unchecked") // every kind has one message type, checked where objects enter
    <T extends Message> Collection<Config<T>> all(Kind kind, Class<T> type) {
        SortedMap<ObjectKey, Config<?>> objects = byKind.get(kind);
        return objects == null ? List.of() : (Collection<Config<T>>) (Collection<?>) objects.values();
    }

    @Nullable
    Config<?> get(ObjectKey key) {
        SortedMap<ObjectKey, Config<?>> objects = byKind.get(key.kind());
        return objects == null ? null : objects.get(key);
    }

    Collection<Config<?>> all() {
        return byKind.values().stream()
                .flatMap(objects -> objects.values().stream())
                .toList();
    }
}
