package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One namespace's manifests, and the registry's objects that each became. Immutable; a change rebuilds the manifests
 * that it names, and those that tell of pods which it names.
 */
final class NamespaceRegistry {
    private final Registry registry;
    private final SortedMap<ObjectKey, Config<?>> manifests;
    private final SortedMap<String, Workload> workloads;
    private final Map<ObjectKey, List<Config<?>>> built;

    private NamespaceRegistry(
            Registry registry,
            SortedMap<ObjectKey, Config<?>> manifests,
            SortedMap<String, Workload> workloads,
            Map<ObjectKey, List<Config<?>>> built) {
        this.registry = registry;
        this.manifests = manifests;
        this.workloads = workloads;
        this.built = built;
    }

    static NamespaceRegistry empty(Registry registry) {
        return new NamespaceRegistry(registry, new TreeMap<>(), new TreeMap<>(), Map.of());
    }

    /** The state after a change, and the registry's objects that it rebuilt, as they were and as they are. */
    record Step(NamespaceRegistry state, List<Config<?>> before, List<Config<?>> after) {}

    Collection<Config<?>> manifests() {
        return Collections.unmodifiableCollection(manifests.values());
    }

    /**
     * What a change of manifests does.
     *
     * @param touched    keys of manifests that are new, differ or are gone
     * @param now        the manifests among them that are there
     * @param localities node name to locality
     * @param addresses  "NAMESPACE/NAME" to the address of services that were given none
     */
    Step apply(
            Set<ObjectKey> touched,
            Map<ObjectKey, Config<?>> now,
            Map<String, String> localities,
            Map<String, String> addresses) {
        SortedMap<ObjectKey, Config<?>> next = new TreeMap<>(manifests);
        next.keySet().removeAll(touched);
        next.putAll(now);
        NamespaceRegistry after = new NamespaceRegistry(registry, next, new TreeMap<>(workloads), new HashMap<>(built));
        Set<ObjectKey> rebuild = new HashSet<>(touched);
        rebuild.removeIf(key -> isWorkload(key.kind()) || key.kind().equals(Kind.WORKLOAD_GROUP));
        Set<ObjectKey> instances = new HashSet<>(touched);
        instances.addAll(after.members(touched));
        List<Workload> moved = after.workloads(instances, localities);
        Set<String> served = served(touched);
        served.addAll(after.served(touched));
        after.concerned(rebuild, moved, served);
        after.rebuild(rebuild, addresses);
        Set<ObjectKey> all = new HashSet<>(rebuild);
        all.addAll(instances);
        return new Step(after, objects(built, all), objects(after.built, all));
    }

    private static boolean isWorkload(Kind kind) {
        return kind.equals(Kind.POD) || kind.equals(Kind.WORKLOAD_ENTRY);
    }

    /** Entries of the groups among the touched. */
    private Set<ObjectKey> members(Set<ObjectKey> touched) {
        Set<String> groups = new HashSet<>();
        touched.stream().filter(key -> key.kind().equals(Kind.WORKLOAD_GROUP)).forEach(key -> groups.add(key.name()));
        Set<ObjectKey> members = new HashSet<>();
        if (!groups.isEmpty()) {
            manifests.forEach((key, config) -> {
                if (key.kind().equals(Kind.WORKLOAD_ENTRY) && groups.contains(Entries.group(config))) {
                    members.add(key);
                }
            });
        }
        return members;
    }

    /** Makes the touched pods and entries anew; returns them as they were and as they are. */
    private List<Workload> workloads(Set<ObjectKey> touched, Map<String, String> localities) {
        List<Workload> moved = new ArrayList<>();
        for (ObjectKey key : touched) {
            if (isWorkload(key.kind())) {
                boolean pod = key.kind().equals(Kind.POD);
                String name = pod ? key.name() : key.name() + Entries.SUFFIX;
                Workload before = workloads.remove(name);
                if (before != null) {
                    moved.add(before);
                }
                built.remove(key);
                Config<?> manifest = manifests.get(key);
                if (manifest != null) {
                    Config<Workload> workload = pod ? registry.workload(struct(manifest), localities) : entry(manifest);
                    workloads.put(name, workload.spec());
                    built.put(key, List.of(workload));
                    moved.add(workload.spec());
                }
            }
        }
        return moved;
    }

    private Config<Workload> entry(Config<?> entry) {
        ObjectKey group = ObjectKey.of(Kind.WORKLOAD_GROUP, entry.namespace(), Entries.group(entry));
        return registry.entry(entry, manifests.get(group));
    }

    @SuppressWarnings("unchecked") // all kinds of the registry but those of Entries are read as a Struct
    private static Config<Struct> struct(Config<?> config) {
        return (Config<Struct>) config;
    }

    private void rebuild(Set<ObjectKey> keys, Map<String, String> addresses) {
        PodIndex pods = new PodIndex(workloads);
        Set<String> bySlices = keys.isEmpty() ? Set.of() : servedBySlices();
        for (ObjectKey key : keys) {
            Config<?> manifest = manifests.get(key);
            if (manifest == null) {
                built.remove(key);
            } else {
                built.put(key, build(struct(manifest), bySlices, pods, addresses));
            }
        }
    }

    private List<Config<?>> build(
            Config<Struct> manifest, Set<String> bySlices, PodIndex pods, Map<String, String> addresses) {
        Kind kind = manifest.key().kind();
        if (kind.equals(Kind.SERVICE)) {
            ObjectKey endpoints = ObjectKey.of(Kind.ENDPOINTS, manifest.namespace(), manifest.name());
            boolean served = bySlices.contains(manifest.name()) || manifests.containsKey(endpoints);
            return registry.service(manifest, served, pods, addresses);
        }
        if (kind.equals(Kind.ENDPOINT_SLICE)) {
            return registry.endpointSlice(manifest, pods);
        }
        if (kind.equals(Kind.ENDPOINTS)) {
            // A cluster mirrors Endpoints into slices: read both, and every endpoint is there twice.
            return bySlices.contains(manifest.name()) ? List.of() : registry.endpoints(manifest, pods);
        }
        return kind.equals(Kind.NODE) ? List.of(registry.node(manifest)) : List.of(registry.namespace(manifest));
    }

    /** Adds what tells of pods that changed, or of services whose slices came or went. */
    private void concerned(Set<ObjectKey> rebuild, List<Workload> moved, Set<String> served) {
        if (moved.isEmpty() && served.isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        moved.forEach(workload -> {
            names.add(workload.getName());
            addresses.addAll(workload.getAddressesList());
        });
        for (Config<?> manifest : manifests.values()) {
            Kind kind = manifest.key().kind();
            boolean told = served.contains(manifest.name());
            if (kind.equals(Kind.SERVICE)) {
                Map<String, String> selector = new Manifest(struct(manifest).spec()).strings("spec", "selector");
                if (told || moved.stream().anyMatch(workload -> PodIndex.isSelected(workload, selector))) {
                    rebuild.add(manifest.key());
                }
            } else if ((kind.equals(Kind.ENDPOINTS) && (told || mentions(struct(manifest), names, addresses)))
                    || (kind.equals(Kind.ENDPOINT_SLICE) && mentions(struct(manifest), names, addresses))) {
                rebuild.add(manifest.key());
            }
        }
    }

    private static boolean mentions(Config<Struct> manifest, Set<String> names, Set<String> addresses) {
        Manifest content = new Manifest(manifest.spec());
        for (Manifest endpoint : content.list("endpoints")) {
            if (names.contains(endpoint.text("targetRef", "name"))
                    || endpoint.texts("addresses").stream().anyMatch(addresses::contains)) {
                return true;
            }
        }
        for (Manifest subset : content.list("subsets")) {
            for (String list : new String[] {"addresses", "notReadyAddresses"}) {
                for (Manifest address : subset.list(list)) {
                    if (names.contains(address.text("targetRef", "name")) || addresses.contains(address.text("ip"))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Services whose slices or Endpoints are among the touched, as this state knows them. */
    private Set<String> served(Set<ObjectKey> touched) {
        Set<String> names = new HashSet<>();
        for (ObjectKey key : touched) {
            @Nullable Config<?> manifest = manifests.get(key);
            if (key.kind().equals(Kind.ENDPOINTS)) {
                names.add(key.name());
            } else if (key.kind().equals(Kind.ENDPOINT_SLICE) && manifest != null) {
                names.add(SliceReader.serviceOf(struct(manifest)));
            }
        }
        return names;
    }

    private Set<String> servedBySlices() {
        Set<String> names = new HashSet<>();
        manifests.forEach((key, manifest) -> {
            if (key.kind().equals(Kind.ENDPOINT_SLICE)) {
                names.add(SliceReader.serviceOf(struct(manifest)));
            }
        });
        return names;
    }

    private static List<Config<?>> objects(Map<ObjectKey, List<Config<?>>> built, Set<ObjectKey> keys) {
        List<Config<?>> objects = new ArrayList<>();
        keys.forEach(key -> objects.addAll(built.getOrDefault(key, List.of())));
        return objects;
    }
}
