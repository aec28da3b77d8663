package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the mesh is told of the objects that were accepted: configuration as it is, manifests as registry, the mesh's
 * ConfigMap as MeshConfig. Immutable; a change rebuilds the namespaces whose manifests it touches.
 */
public final class MeshObjects {
    private static final Set<Kind> REGISTRY_SOURCES =
            Set.of(Kind.SERVICE, Kind.ENDPOINTS, Kind.ENDPOINT_SLICE, Kind.POD, Kind.NODE, Kind.NAMESPACE);

    private final RegistryOptions options;
    private final String rootNamespace;
    private final SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests;
    private final SortedMap<ObjectKey, Config<?>> published;

    private MeshObjects(
            RegistryOptions options,
            String rootNamespace,
            SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests,
            SortedMap<ObjectKey, Config<?>> published) {
        this.options = options;
        this.rootNamespace = rootNamespace;
        this.manifests = manifests;
        this.published = published;
    }

    /**
     * Nothing yet.
     *
     * @param rootNamespace where the ConfigMap "istio" stands
     */
    public static MeshObjects empty(RegistryOptions options, String rootNamespace) {
        return new MeshObjects(options, rootNamespace, new TreeMap<>(), new TreeMap<>());
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
        return Collections.unmodifiableCollection(published.values());
    }

    /** MeshConfig as it is in force; empty where there is none. */
    public MeshConfig meshConfig() {
        Config<?> mesh = published.get(MeshConfigMap.KEY);
        return mesh != null && mesh.spec() instanceof MeshConfig config ? config : MeshConfig.getDefaultInstance();
    }

    /** The state after objects changed. */
    public Change apply(Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> nextManifests = new TreeMap<>(manifests);
        SortedMap<ObjectKey, Config<?>> next = new TreeMap<>(published);
        Set<String> dirty = new HashSet<>();
        List<Diagnostic> problems = new ArrayList<>();
        Set<String> copied = new HashSet<>();
        for (ObjectKey key : removed) {
            if (REGISTRY_SOURCES.contains(key.kind())) {
                own(nextManifests, key.namespace(), copied).remove(key);
                dirty.add(key.namespace());
            } else if (isMeshConfig(key)) {
                next.remove(MeshConfigMap.KEY);
            } else {
                next.remove(key);
            }
        }
        for (Config<?> config : changed) {
            ObjectKey key = config.key();
            if (REGISTRY_SOURCES.contains(key.kind())) {
                own(nextManifests, key.namespace(), copied).put(key, manifest(config));
                dirty.add(key.namespace());
            } else if (isMeshConfig(key)) {
                MeshConfigMap.read(manifest(config), problems).ifPresent(mesh -> next.put(MeshConfigMap.KEY, mesh));
            } else if (!(config.spec() instanceof Struct)) {
                next.put(key, config);
            }
        }
        registry(nextManifests, dirty, next);
        return difference(new MeshObjects(options, rootNamespace, nextManifests, next), problems);
    }

    private boolean isMeshConfig(ObjectKey key) {
        return key.kind().equals(Kind.CONFIG_MAP)
                && key.namespace().equals(rootNamespace)
                && MeshConfigMap.NAMES.contains(key.name());
    }

    /** The map of a namespace, copied once so that the previous state keeps its own. */
    private static SortedMap<ObjectKey, Config<Struct>> own(
            SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests, String namespace, Set<String> copied) {
        if (copied.add(namespace)) {
            SortedMap<ObjectKey, Config<Struct>> before = manifests.get(namespace);
            manifests.put(namespace, before == null ? new TreeMap<>() : new TreeMap<>(before));
        }
        SortedMap<ObjectKey, Config<Struct>> own = manifests.get(namespace);
        return own == null ? new TreeMap<>() : own;
    }

    private void registry(
            SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests,
            Set<String> dirty,
            Map<ObjectKey, Config<?>> next) {
        if (dirty.isEmpty()) {
            return;
        }
        Registry registry = new Registry(options);
        Set<String> toBuild = new HashSet<>(dirty);
        if (dirty.contains("")) {
            // Nodes give pods their locality: rare enough to look at everything.
            toBuild.addAll(manifests.keySet());
        }
        Map<String, String> localities = Registry.localities(objects(manifests, ""));
        Map<String, String> addresses = addresses(manifests);
        addresses.forEach((name, address) -> {
            ObjectKey key = serviceKey(name);
            // A new name may have taken an address from one that comes after it.
            Config<?> service = next.get(key);
            if (service != null && !hasAddress(service, address)) {
                toBuild.add(key.namespace());
            }
        });
        for (String namespace : toBuild) {
            Set<ObjectKey> old = new HashSet<>();
            next.keySet().forEach(key -> {
                if (isRegistry(key.kind()) && key.namespace().equals(namespace)) {
                    old.add(key);
                }
            });
            Map<ObjectKey, Config<?>> built = namespace.isEmpty()
                    ? registry.clusterScoped(objects(manifests, ""))
                    : registry.namespace(objects(manifests, namespace), localities, addresses);
            old.removeAll(built.keySet());
            old.forEach(next::remove);
            built.forEach((key, config) -> {
                Config<?> before = next.get(key);
                if (before == null || !before.version().equals(config.version())) {
                    next.put(key, config);
                }
            });
        }
    }

    private ObjectKey serviceKey(String name) {
        int slash = name.indexOf('/');
        return new ObjectKey(
                options.cluster(), Kind.REGISTRY_SERVICE, name.substring(0, slash), name.substring(slash + 1));
    }

    private static boolean hasAddress(Config<?> service, String address) {
        return service.spec() instanceof Service spec && spec.getAddressesList().contains(address);
    }

    private static boolean isRegistry(Kind kind) {
        return kind.group().equals(Kind.REGISTRY_SERVICE.group());
    }

    private static Map<String, String> addresses(SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests) {
        List<Config<Struct>> all = new ArrayList<>();
        manifests.values().forEach(each -> all.addAll(each.values()));
        return new LocalPlatform(AddressPlan.DEFAULT).serviceAddresses(all);
    }

    private static Collection<Config<Struct>> objects(
            SortedMap<String, SortedMap<ObjectKey, Config<Struct>>> manifests, String namespace) {
        SortedMap<ObjectKey, Config<Struct>> own = manifests.get(namespace);
        return own == null ? List.of() : own.values();
    }

    @SuppressWarnings("unchecked") // these kinds are always read as a Struct
    private static Config<Struct> manifest(Config<?> config) {
        return (Config<Struct>) config;
    }

    private Change difference(MeshObjects after, List<Diagnostic> problems) {
        List<Config<?>> changed = new ArrayList<>();
        after.published.forEach((key, config) -> {
            Config<?> before = published.get(key);
            if (before == null || !before.version().equals(config.version())) {
                changed.add(config);
            }
        });
        Set<ObjectKey> removed = new java.util.TreeSet<>(published.keySet());
        removed.removeAll(after.published.keySet());
        return new Change(after, List.copyOf(changed), removed, List.copyOf(problems));
    }
}
