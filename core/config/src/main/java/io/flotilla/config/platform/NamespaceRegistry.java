package io.flotilla.config.platform;

import static io.flotilla.config.platform.NamespaceManifests.struct;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.SortedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One namespace's manifests, and the registry's objects that each became. Immutable; a change rebuilds the manifests
 * that it names, and those that tell of pods which it names, and looks at no others.
 */
final class NamespaceRegistry {
    private final Registry registry;
    private final String namespace;
    private final NamespaceManifests manifests;
    private final PodState workloads;
    private final SortedTree<ObjectKey, List<Config<?>>> built;

    private NamespaceRegistry(
            Registry registry,
            String namespace,
            NamespaceManifests manifests,
            PodState workloads,
            SortedTree<ObjectKey, List<Config<?>>> built) {
        this.registry = registry;
        this.namespace = namespace;
        this.manifests = manifests;
        this.workloads = workloads;
        this.built = built;
    }

    static NamespaceRegistry empty(Registry registry, String namespace) {
        return new NamespaceRegistry(
                registry, namespace, NamespaceManifests.empty(), PodState.empty(), SortedTree.empty());
    }

    /** The state after a change, and the registry's objects that it rebuilt, as they were and as they are. */
    record Step(NamespaceRegistry state, List<Config<?>> before, List<Config<?>> after) {}

    Collection<Config<?>> manifests() {
        return Collections.unmodifiableCollection(manifests.values());
    }

    @Nullable
    Config<?> manifest(ObjectKey key) {
        return manifests.get(key);
    }

    /**
     * What a change of manifests does.
     *
     * @param touched    keys of manifests that are new, differ or are gone
     * @param now        the manifests among them that are there, and perhaps others
     * @param localities node name to locality
     * @param addresses  "NAMESPACE/NAME" to the address of services that were given none
     */
    Step apply(
            Set<ObjectKey> touched,
            Map<ObjectKey, Config<?>> now,
            Map<String, String> localities,
            Map<String, String> addresses) {
        NamespaceManifests next = manifests;
        for (ObjectKey key : touched) {
            next = next.with(key, now.get(key));
        }
        Set<ObjectKey> instances = new HashSet<>(members(next, touched));
        touched.stream().filter(key -> isWorkload(key.kind())).forEach(instances::add);
        Work work = new Work(next);
        work.workloads(instances, localities);
        Set<ObjectKey> rebuild = new HashSet<>(touched);
        rebuild.removeIf(key -> isWorkload(key.kind()) || key.kind().equals(Kind.WORKLOAD_GROUP));
        work.concerned(rebuild, touched);
        work.rebuild(rebuild, addresses);
        NamespaceRegistry after = new NamespaceRegistry(registry, namespace, next, work.workloads, work.built);
        rebuild.addAll(instances);
        return new Step(after, objects(built, rebuild), objects(after.built, rebuild));
    }

    private static boolean isWorkload(Kind kind) {
        return kind.equals(Kind.POD) || kind.equals(Kind.WORKLOAD_ENTRY);
    }

    /** Entries of the groups among the touched. */
    private static Set<ObjectKey> members(NamespaceManifests manifests, Set<ObjectKey> touched) {
        Set<String> groups = new HashSet<>();
        touched.stream().filter(key -> key.kind().equals(Kind.WORKLOAD_GROUP)).forEach(key -> groups.add(key.name()));
        Set<ObjectKey> members = new HashSet<>();
        if (!groups.isEmpty()) {
            manifests.values().forEach(config -> {
                if (config.key().kind().equals(Kind.WORKLOAD_ENTRY) && groups.contains(Entries.group(config))) {
                    members.add(config.key());
                }
            });
        }
        return members;
    }

    private static List<Config<?>> objects(SortedTree<ObjectKey, List<Config<?>>> built, Set<ObjectKey> keys) {
        List<Config<?>> objects = new ArrayList<>();
        keys.forEach(key -> objects.addAll(Objects.requireNonNullElse(built.get(key), List.of())));
        return objects;
    }

    /** One change at work: what it leads to is here, what it began with in the registry around it. */
    private final class Work {
        private final NamespaceManifests next;
        private final List<Workload> moved = new ArrayList<>();
        private PodState workloads = NamespaceRegistry.this.workloads;
        private SortedTree<ObjectKey, List<Config<?>>> built = NamespaceRegistry.this.built;

        Work(NamespaceManifests next) {
            this.next = next;
        }

        /** Makes these pods and entries anew, and notes them as they were and as they are. */
        void workloads(Set<ObjectKey> touched, Map<String, String> localities) {
            for (ObjectKey key : touched) {
                boolean pod = key.kind().equals(Kind.POD);
                note(pod ? workloads.pod(key.name()) : workloads.entry(key.name()));
                Config<?> manifest = next.get(key);
                Config<Workload> made = manifest == null
                        ? null
                        : pod ? registry.workload(struct(manifest), localities) : entry(manifest);
                Workload workload = made == null ? null : made.spec();
                note(workload);
                workloads = pod ? workloads.withPod(key.name(), workload) : workloads.withEntry(key.name(), workload);
                built = made == null ? built.without(key) : built.with(key, List.of(made));
            }
        }

        private void note(@Nullable Workload workload) {
            if (workload != null) {
                moved.add(workload);
            }
        }

        private Config<Workload> entry(Config<?> entry) {
            ObjectKey group = ObjectKey.of(Kind.WORKLOAD_GROUP, entry.namespace(), Entries.group(entry));
            return registry.entry(entry, next.get(group));
        }

        /** Adds what tells of pods that changed, or of services whose slices came or went. */
        void concerned(Set<ObjectKey> rebuild, Set<ObjectKey> touched) {
            for (Workload workload : moved) {
                rebuild.addAll(next.mentioning(workload));
                rebuild.addAll(next.selecting(workload));
            }
            for (String service : served(touched)) {
                if (servedBy(manifests, service) != servedBy(next, service)) {
                    List.of(Kind.SERVICE, Kind.ENDPOINTS).forEach(kind -> {
                        ObjectKey key = ObjectKey.of(kind, namespace, service);
                        if (next.contains(key)) {
                            rebuild.add(key);
                        }
                    });
                }
            }
        }

        /** Services whose slices or Endpoints are among the touched. */
        private Set<String> served(Set<ObjectKey> touched) {
            Set<String> names = new HashSet<>();
            for (ObjectKey key : touched) {
                if (key.kind().equals(Kind.ENDPOINTS)) {
                    names.add(key.name());
                } else if (key.kind().equals(Kind.ENDPOINT_SLICE)) {
                    for (Config<?> slice : new Config<?>[] {manifests.get(key), next.get(key)}) {
                        if (slice != null) {
                            names.add(SliceReader.serviceOf(struct(slice)));
                        }
                    }
                }
            }
            return names;
        }

        void rebuild(Set<ObjectKey> keys, Map<String, String> addresses) {
            PodIndex pods = new PodIndex(workloads);
            for (ObjectKey key : keys) {
                Config<?> manifest = next.get(key);
                built = manifest == null
                        ? built.without(key)
                        : built.with(key, build(struct(manifest), pods, addresses));
            }
        }

        private List<Config<?>> build(Config<Struct> manifest, PodIndex pods, Map<String, String> addresses) {
            Kind kind = manifest.key().kind();
            if (kind.equals(Kind.SERVICE)) {
                boolean served = servedBy(next, manifest.name()) != Served.BY_NOBODY;
                return registry.service(manifest, served, pods, addresses);
            }
            if (kind.equals(Kind.ENDPOINT_SLICE)) {
                return registry.endpointSlice(manifest, pods);
            }
            if (kind.equals(Kind.ENDPOINTS)) {
                // A cluster mirrors Endpoints into slices: read both, and every endpoint is there twice.
                return next.servedBySlices(manifest.name()) ? List.of() : registry.endpoints(manifest, pods);
            }
            return kind.equals(Kind.NODE) ? List.of(registry.node(manifest)) : List.of(registry.namespace(manifest));
        }

        private Served servedBy(NamespaceManifests all, String service) {
            return all.servedBySlices(service)
                    ? Served.BY_SLICES
                    : all.contains(ObjectKey.of(Kind.ENDPOINTS, namespace, service))
                            ? Served.BY_ENDPOINTS
                            : Served.BY_NOBODY;
        }
    }

    /** Who says where a service is. */
    private enum Served {
        BY_SLICES,
        BY_ENDPOINTS,
        BY_NOBODY
    }
}
