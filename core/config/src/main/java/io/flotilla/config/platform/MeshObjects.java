package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.SortedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the mesh is told of the objects that were accepted: configuration as it is, manifests as registry, the mesh's
 * ConfigMap as MeshConfig. Immutable; a change rebuilds what it touches.
 */
public final class MeshObjects {
    private final RegistryOptions options;
    private final String rootNamespace;
    private final RegistryState registry;
    // Also of namespaces that the mesh is not told of: their labels may change.
    private final SortedTree<ObjectKey, Config<?>> all;
    private final SortedTree<ObjectKey, Config<?>> published;

    private MeshObjects(
            RegistryOptions options,
            String rootNamespace,
            RegistryState registry,
            SortedTree<ObjectKey, Config<?>> all,
            SortedTree<ObjectKey, Config<?>> published) {
        this.options = options;
        this.rootNamespace = rootNamespace;
        this.registry = registry;
        this.all = all;
        this.published = published;
    }

    /**
     * Nothing yet.
     *
     * @param rootNamespace where the ConfigMap "istio" stands
     */
    public static MeshObjects empty(RegistryOptions options, String rootNamespace) {
        return new MeshObjects(
                options, rootNamespace, RegistryState.empty(options), SortedTree.empty(), SortedTree.empty());
    }

    /**
     * The outcome of a change.
     *
     * @param objects  the new state
     * @param changed  what is new or differs, sorted by key
     * @param removed  what is gone
     * @param problems of objects that can only be judged here (the mesh's ConfigMap)
     */
    public record Change(
            MeshObjects objects, List<Config<?>> changed, Set<ObjectKey> removed, List<Diagnostic> problems) {}

    /** Everything that is published, sorted. */
    public Collection<Config<?>> published() {
        return published.values();
    }

    /** MeshConfig as it is in force; empty where there is none. */
    public MeshConfig meshConfig() {
        Config<?> mesh = published.get(MeshConfigMap.KEY);
        return mesh != null && mesh.spec() instanceof MeshConfig config ? config : MeshConfig.getDefaultInstance();
    }

    /** The state after objects changed. */
    public Change apply(Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        Map<ObjectKey, Config<?>> next = new HashMap<>();
        Set<ObjectKey> gone = new HashSet<>();
        Set<ObjectKey> touched = new HashSet<>();
        Map<ObjectKey, Config<?>> manifests = new HashMap<>();
        List<Diagnostic> problems = new ArrayList<>();
        for (ObjectKey key : removed) {
            if (Entries.KINDS.contains(key.kind())) {
                touched.add(key);
                gone.add(key);
            } else if (RegistryState.isSource(key.kind())) {
                touched.add(key);
            } else {
                gone.add(isMeshConfig(key) ? MeshConfigMap.KEY : key);
            }
        }
        for (Config<?> config : changed) {
            ObjectKey key = config.key();
            if (Entries.KINDS.contains(key.kind())) {
                // Configuration as it is, and part of the registry too.
                manifests.put(key, config);
                touched.add(key);
                next.put(key, config);
            } else if (RegistryState.isSource(key.kind())) {
                manifests.put(key, config);
                touched.add(key);
            } else if (isMeshConfig(key)) {
                MeshConfigMap.read(manifest(config), problems).ifPresent(mesh -> next.put(MeshConfigMap.KEY, mesh));
            } else if (!(config.spec() instanceof Struct)) {
                next.put(key, config);
            }
        }
        RegistryState.Step step = registry.apply(touched, manifests);
        step.before().forEach(config -> gone.add(config.key()));
        step.after().forEach(config -> next.put(config.key(), config));
        gone.removeAll(next.keySet());
        return change(step.state(), next, gone, problems);
    }

    private boolean isMeshConfig(ObjectKey key) {
        return key.kind().equals(Kind.CONFIG_MAP)
                && key.namespace().equals(rootNamespace)
                && MeshConfigMap.NAMES.contains(key.name());
    }

    @SuppressWarnings("unchecked") // these kinds are always read as a Struct
    private static Config<Struct> manifest(Config<?> config) {
        return (Config<Struct>) config;
    }

    private Change change(
            RegistryState state, Map<ObjectKey, Config<?>> next, Set<ObjectKey> gone, List<Diagnostic> problems) {
        SortedTree<ObjectKey, Config<?>> after = all;
        Set<ObjectKey> touched = new TreeSet<>();
        for (Config<?> config : new TreeMap<>(next).values()) {
            Config<?> before = after.get(config.key());
            if (before == null || !before.version().equals(config.version())) {
                after = after.with(config.key(), config);
                touched.add(config.key());
            }
        }
        for (ObjectKey key : gone) {
            if (after.contains(key)) {
                after = after.without(key);
                touched.add(key);
            }
        }
        return told(state, after, touched, problems);
    }

    // What the mesh is told of a change: of other namespaces nothing, and all of those that are told of from now on.
    private Change told(
            RegistryState state,
            SortedTree<ObjectKey, Config<?>> now,
            Set<ObjectKey> touched,
            List<Diagnostic> problems) {
        DiscoveryScope before = DiscoveryScope.of(all.get(MeshConfigMap.KEY), rootNamespace);
        DiscoveryScope after = DiscoveryScope.of(now.get(MeshConfigMap.KEY), rootNamespace);
        if (!before.equals(after)
                || (!after.everywhere()
                        && touched.stream().anyMatch(key -> key.kind().equals(Kind.REGISTRY_NAMESPACE)))) {
            touched.addAll(moved(now, before, after));
        }
        SortedTree<ObjectKey, Config<?>> shown = published;
        List<Config<?>> changed = new ArrayList<>();
        Set<ObjectKey> removed = new TreeSet<>();
        Map<String, Boolean> told = new HashMap<>();
        for (ObjectKey key : touched) {
            Config<?> config = told.computeIfAbsent(key.namespace(), namespace -> after.tellsOf(namespace, now::get))
                    ? now.get(key)
                    : null;
            if (config != null) {
                shown = shown.with(key, config);
                changed.add(config);
            } else if (shown.contains(key)) {
                shown = shown.without(key);
                removed.add(key);
            }
        }
        return new Change(
                new MeshObjects(options, rootNamespace, state, now, shown),
                List.copyOf(changed),
                removed,
                List.copyOf(problems));
    }

    // Objects of namespaces that are told of and were not, or the other way round.
    private Set<ObjectKey> moved(SortedTree<ObjectKey, Config<?>> now, DiscoveryScope before, DiscoveryScope after) {
        Map<String, Boolean> moves = new HashMap<>();
        Set<ObjectKey> moved = new TreeSet<>();
        for (Config<?> config : now.values()) {
            if (moves.computeIfAbsent(
                    config.key().namespace(),
                    namespace -> before.tellsOf(namespace, all::get) != after.tellsOf(namespace, now::get))) {
                moved.add(config.key());
            }
        }
        return moved;
    }
}
