package io.flotilla.config.platform;

import io.flotilla.config.model.Config;
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
import org.jspecify.annotations.Nullable;

/** The registry by namespace, and what holds across namespaces: addresses of services, localities of nodes. */
final class RegistryState {
    private static final Set<Kind> SOURCES =
            Set.of(Kind.SERVICE, Kind.ENDPOINTS, Kind.ENDPOINT_SLICE, Kind.POD, Kind.NODE, Kind.NAMESPACE);

    private final Registry registry;
    private final SortedTree<String, NamespaceRegistry> namespaces;
    private final Map<String, String> addresses;
    private final Map<String, String> localities;

    private RegistryState(
            Registry registry,
            SortedTree<String, NamespaceRegistry> namespaces,
            Map<String, String> addresses,
            Map<String, String> localities) {
        this.registry = registry;
        this.namespaces = namespaces;
        this.addresses = addresses;
        this.localities = localities;
    }

    static RegistryState empty(RegistryOptions options) {
        return new RegistryState(new Registry(options), SortedTree.empty(), Map.of(), Map.of());
    }

    /** Manifests of this kind become the registry. */
    static boolean isSource(Kind kind) {
        return SOURCES.contains(kind);
    }

    /** The state after a change, and the registry's objects that it rebuilt, as they were and as they are. */
    record Step(RegistryState state, List<Config<?>> before, List<Config<?>> after) {}

    /**
     * What a change of manifests does.
     *
     * @param touched keys of manifests that are new, differ or are gone
     * @param now     the manifests among them that are there
     */
    Step apply(Set<ObjectKey> touched, Map<ObjectKey, Config<?>> now) {
        if (touched.isEmpty()) {
            return new Step(this, List.of(), List.of());
        }
        Set<ObjectKey> all = new HashSet<>(touched);
        Map<ObjectKey, Config<?>> known = new HashMap<>(now);
        Map<String, String> assigned = addresses;
        Map<String, String> located = localities;
        if (touched.stream().anyMatch(key -> claimsOtherwise(key, now.get(key)))) {
            Map<ObjectKey, Config<?>> services = after(Kind.SERVICE, touched, now);
            assigned =
                    new LocalPlatform(AddressPlan.DEFAULT).serviceAddresses(LocalPlatform.manifests(services.values()));
            displaced(assigned, services, all, known);
        }
        if (any(touched, Kind.NODE)) {
            // Nodes give pods their locality: rare enough to look at all pods.
            located = localities(touched, now);
            Map<ObjectKey, Config<?>> pods = after(Kind.POD, touched, now);
            all.addAll(pods.keySet());
            known.putAll(pods);
        }
        return step(all, known, assigned, located);
    }

    private Step step(
            Set<ObjectKey> touched,
            Map<ObjectKey, Config<?>> known,
            Map<String, String> assigned,
            Map<String, String> located) {
        Map<String, Set<ObjectKey>> byNamespace = new TreeMap<>();
        touched.forEach(key -> byNamespace
                .computeIfAbsent(key.namespace(), namespace -> new HashSet<>())
                .add(key));
        SortedTree<String, NamespaceRegistry> next = namespaces;
        List<Config<?>> before = new ArrayList<>();
        List<Config<?>> after = new ArrayList<>();
        for (Map.Entry<String, Set<ObjectKey>> each : byNamespace.entrySet()) {
            String namespace = each.getKey();
            NamespaceRegistry here = next.get(namespace);
            NamespaceRegistry.Step step = (here == null ? NamespaceRegistry.empty(registry, namespace) : here)
                    .apply(each.getValue(), known, located, assigned);
            next = next.with(namespace, step.state());
            before.addAll(step.before());
            after.addAll(step.after());
        }
        return new Step(new RegistryState(registry, next, assigned, located), before, after);
    }

    /** A Service that comes or goes with a claim to an address, or with another claim than before, where some need one. */
    private boolean claimsOtherwise(ObjectKey key, @Nullable Config<?> now) {
        if (!key.kind().equals(Kind.SERVICE)) {
            return false;
        }
        NamespaceRegistry namespace = namespaces.get(key.namespace());
        Claim claim = Claim.of(now);
        return (claim.needs() || !addresses.isEmpty())
                && !claim.equals(Claim.of(namespace == null ? null : namespace.manifest(key)));
    }

    /**
     * What a Service says of addresses; whoever gives addresses to those that have none knows nothing else of it.
     *
     * @param given those that it has
     * @param needs one, since it has none
     */
    private record Claim(List<String> given, boolean needs) {
        private static final Claim NONE = new Claim(List.of(), false);

        static Claim of(@Nullable Config<?> service) {
            if (service == null) {
                return NONE;
            }
            Manifest manifest = new Manifest(NamespaceManifests.struct(service).spec());
            return new Claim(Services.givenAddresses(manifest), Services.needsAddress(manifest));
        }
    }

    private static boolean any(Set<ObjectKey> touched, Kind kind) {
        return touched.stream().anyMatch(key -> key.kind().equals(kind));
    }

    /** All manifests of a kind as they are after the change. */
    private Map<ObjectKey, Config<?>> after(Kind kind, Set<ObjectKey> touched, Map<ObjectKey, Config<?>> now) {
        Map<ObjectKey, Config<?>> all = new HashMap<>();
        namespaces.values().forEach(namespace -> add(kind, namespace.manifests(), all));
        all.keySet().removeAll(touched);
        add(kind, now.values(), all);
        return all;
    }

    private static void add(Kind kind, Collection<Config<?>> from, Map<ObjectKey, Config<?>> to) {
        from.forEach(manifest -> {
            if (manifest.key().kind().equals(kind)) {
                to.put(manifest.key(), manifest);
            }
        });
    }

    /** A new name may have taken an address from one that comes after it: that one changes too. */
    private void displaced(
            Map<String, String> assigned,
            Map<ObjectKey, Config<?>> services,
            Set<ObjectKey> all,
            Map<ObjectKey, Config<?>> known) {
        services.forEach((key, service) -> {
            String name = key.resourceName();
            if (!assigned.getOrDefault(name, "").equals(addresses.getOrDefault(name, ""))) {
                all.add(key);
                known.put(key, service);
            }
        });
    }

    private Map<String, String> localities(Set<ObjectKey> touched, Map<ObjectKey, Config<?>> now) {
        Map<String, String> located = new HashMap<>();
        NamespaceRegistry clusterScoped = namespaces.get("");
        Map<ObjectKey, Config<?>> nodes = new HashMap<>();
        if (clusterScoped != null) {
            add(Kind.NODE, clusterScoped.manifests(), nodes);
        }
        nodes.keySet().removeAll(touched);
        add(Kind.NODE, now.values(), nodes);
        nodes.forEach((key, node) -> located.put(key.name(), Registry.locality(node.labels())));
        return located;
    }
}
