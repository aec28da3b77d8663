package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.IndexedSnapshot.Indexes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes snapshots from objects: configuration, the registry's kinds, MeshConfig. Manifests of Kubernetes do not enter
 * here (see {@link io.flotilla.config.platform.Registry}).
 */
public final class SnapshotBuilder {
    private static final Set<Kind> SERVICES = Set.of(Kind.REGISTRY_SERVICE, Kind.SERVICE_ENTRY);
    private static final Set<Kind> ENDPOINTS = Set.of(Kind.REGISTRY_ENDPOINT_SLICE);
    private static final Set<Kind> WORKLOADS = Set.of(Kind.REGISTRY_WORKLOAD);
    private static final Set<Kind> ROUTES = Set.of(Kind.VIRTUAL_SERVICE, Kind.GATEWAY);
    private static final Set<Kind> RULES = Set.of(Kind.DESTINATION_RULE);
    private static final Set<Kind> SIDECARS = Set.of(Kind.SIDECAR);
    private static final Set<Kind> AUTHORIZATION = Set.of(
            Kind.AUTHORIZATION_POLICY,
            Kind.CLUSTER_RBAC_CONFIG,
            Kind.RBAC_CONFIG,
            Kind.SERVICE_ROLE,
            Kind.SERVICE_ROLE_BINDING);
    private static final Set<Kind> MTLS = Set.of(Kind.PEER_AUTHENTICATION, Kind.POLICY, Kind.MESH_POLICY);

    private static final Set<Kind> TOKENS =
            Set.of(Kind.REQUEST_AUTHENTICATION, Kind.POLICY, Kind.MESH_POLICY, Kind.KEY_SET);

    private SnapshotBuilder() {}

    /** A mesh without anything. */
    public static MeshSnapshot empty(MeshSettings settings) {
        return build(settings, List.of());
    }

    /**
     * The mesh of these objects.
     *
     * @param settings hold where no MeshConfig among the objects says otherwise
     */
    public static MeshSnapshot build(MeshSettings settings, Collection<? extends Config<?>> objects) {
        return whole(settings, ObjectTable.EMPTY.with(objects, List.of()));
    }

    /**
     * What a change led to.
     *
     * @param snapshot the mesh after it
     * @param moves    what may differ, where little does; empty where anything may
     */
    public record Step(MeshSnapshot snapshot, Optional<Moves> moves) {}

    /** The snapshot after a change; what the change does not touch is taken over, the very same objects. */
    public static MeshSnapshot update(
            MeshSnapshot previous, Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        return step(previous, changed, removed).snapshot();
    }

    /** The snapshot after a change, and how far the change goes. */
    public static Step step(
            MeshSnapshot previous, Collection<? extends Config<?>> changed, Collection<ObjectKey> removed) {
        if (!(previous instanceof IndexedSnapshot before)) {
            throw new IllegalArgumentException("only a snapshot of this builder can be updated");
        }
        ObjectTable objects = before.objects().with(changed, removed);
        Set<ObjectKey> touched = new HashSet<>(removed);
        changed.forEach(config -> touched.add(config.key()));
        if (touched.isEmpty()) {
            return new Step(previous, Optional.of(Moves.NONE));
        }
        Optional<Step> small = small(before, objects, touched);
        if (small.isPresent()) {
            return small.get();
        }
        Set<Kind> kinds = new HashSet<>();
        touched.forEach(key -> kinds.add(key.kind()));
        return new Step(
                kinds.contains(Kind.MESH_CONFIG)
                                || (kinds.contains(Kind.REGISTRY_NAMESPACE)
                                        && EntryVisibility.asksForNamespaces(mesh(objects)))
                        ? whole(before.base(), objects)
                        : new IndexedSnapshot(
                                before.base(), before.settings(), objects, indexes(before, objects, touched, kinds)),
                Optional.empty());
    }

    // Everything but what is said to move is what it was, and stays the same objects.
    private static Optional<Step> small(IndexedSnapshot before, ObjectTable objects, Set<ObjectKey> touched) {
        Set<ObjectKey> rules = new HashSet<>();
        Set<ObjectKey> services = new HashSet<>();
        Set<ObjectKey> places = new HashSet<>();
        for (ObjectKey key : touched) {
            Set<ObjectKey> where = key.kind().equals(Kind.VIRTUAL_SERVICE)
                    ? rules
                    : ServiceChange.concerns(before, objects, key) ? services : places;
            where.add(key);
        }
        Optional<RouteChange> routes = RouteChange.of(before.objects(), objects, rules);
        Optional<EndpointChange> endpoints =
                routes.isEmpty() ? Optional.empty() : EndpointChange.of(before, objects, places);
        Optional<ServiceChange> hosts =
                endpoints.isEmpty() ? Optional.empty() : ServiceChange.of(before, objects, services);
        if (hosts.isEmpty()) {
            return Optional.empty();
        }
        Set<ObjectKey> led = new HashSet<>(hosts.get().routes());
        led.addAll(routes.get().rules().keySet());
        return Optional.of(new Step(
                new IndexedSnapshot(
                        before.base(),
                        before.settings(),
                        objects,
                        moved(before, objects, endpoints.get(), routes.get(), hosts.get())),
                Optional.of(new Moves(endpoints.get().hosts(), led, hosts.get().hosts()))));
    }

    private static Indexes moved(
            IndexedSnapshot before,
            ObjectTable objects,
            EndpointChange endpoints,
            RouteChange rules,
            ServiceChange hosts) {
        Indexes old = before.indexes();
        ServiceIndex services = services(old.services(), endpoints, hosts);
        WorkloadIndex workloads = endpoints.workloads() ? new WorkloadIndex(objects) : old.workloads();
        RouteIndex routes =
                rules.rules().isEmpty() ? old.routes() : old.routes().after(rules, objects);
        Set<String> touched = new HashSet<>(endpoints.hosts());
        touched.addAll(hosts.hosts());
        EndpointIndex places = old.endpoints()
                .after(touched, endpoints.before(), endpoints.after())
                .orElseGet(() -> new EndpointIndex(objects).reuse(old.endpoints(), touched));
        boolean same = rules.rules().isEmpty() && hosts.definitions().isEmpty();
        return new Indexes(
                services,
                places,
                workloads,
                hosts.selects() ? new InboundIndex(services, workloads, places) : old.inbound(),
                routes,
                rules(before, objects, hosts),
                old.mtls(),
                old.tokens(),
                old.revoked(),
                same ? old.imports() : new ImportIndex(objects, services, routes, before.settings()),
                old.extensions(),
                old.authorization(),
                old.replicas());
    }

    private static ServiceIndex services(ServiceIndex old, EndpointChange endpoints, ServiceChange hosts) {
        Optional<ServiceIndex> placed =
                endpoints.definitions().isEmpty() ? Optional.of(old) : old.with(endpoints.definitions());
        Optional<ServiceIndex> after = hosts.definitions().isEmpty()
                ? placed
                : placed.flatMap(index -> index.after(hosts.definitions(), hosts.hosts()));
        return after.orElseGet(() -> {
            Map<ObjectKey, List<ServiceDefinition>> all = new HashMap<>(old.definitionsByKey());
            all.putAll(endpoints.definitions());
            all.putAll(hosts.definitions());
            all.values().removeIf(List::isEmpty);
            return new ServiceIndex(all);
        });
    }

    @SuppressWarnings("unchecked") // the kind says what an object holds
    private static RuleIndex rules(IndexedSnapshot before, ObjectTable objects, ServiceChange change) {
        if (change.rules().isEmpty()) {
            return before.indexes().rules();
        }
        List<Config<DestinationRule>> then = new ArrayList<>();
        change.rules().keySet().forEach(key -> {
            Config<?> earlier = before.objects().get(key);
            if (earlier != null) {
                then.add((Config<DestinationRule>) earlier);
            }
        });
        return before.indexes()
                .rules()
                .after(change.rules(), then, change.ruled())
                .orElseGet(() -> new RuleIndex(
                        objects, before.settings(), mesh(objects).getDefaultDestinationRuleExportToList()));
    }

    private static MeshSnapshot whole(MeshSettings base, ObjectTable objects) {
        MeshConfig mesh = mesh(objects);
        MeshSettings settings = MeshDefaults.apply(base, mesh);
        ServiceDefinitions definitions = new ServiceDefinitions(settings, mesh, objects);
        Map<ObjectKey, List<ServiceDefinition>> byKey = new HashMap<>();
        objects.all(Kind.REGISTRY_SERVICE, Service.class)
                .forEach(each -> byKey.put(each.key(), List.of(definitions.registered(each))));
        objects.all(Kind.SERVICE_ENTRY, ServiceEntry.class)
                .forEach(each -> byKey.put(each.key(), definitions.declared(each)));
        ServiceIndex services = new ServiceIndex(byKey);
        EndpointIndex endpoints = new EndpointIndex(objects);
        WorkloadIndex workloads = new WorkloadIndex(objects);
        RouteIndex routes = new RouteIndex(objects, settings, mesh.getDefaultVirtualServiceExportToList());
        Indexes indexes = new Indexes(
                services,
                endpoints,
                workloads,
                new InboundIndex(services, workloads, endpoints),
                routes,
                new RuleIndex(objects, settings, mesh.getDefaultDestinationRuleExportToList()),
                new MtlsIndex(objects, settings),
                new TokenIndex(objects, settings),
                Revocations.of(objects),
                new ImportIndex(objects, services, routes, settings),
                new ExtensionIndex(objects, settings, mesh),
                new AuthorizationIndex(objects, settings),
                new ReplicaSelectors(objects, settings));
        return new IndexedSnapshot(base, settings, objects, indexes);
    }

    private static Indexes indexes(
            IndexedSnapshot before, ObjectTable objects, Set<ObjectKey> touched, Set<Kind> kinds) {
        Indexes old = before.indexes();
        MeshConfig mesh = mesh(objects);
        ServiceIndex services = any(kinds, SERVICES) ? services(before, objects, touched) : old.services();
        WorkloadIndex workloads = any(kinds, WORKLOADS) ? new WorkloadIndex(objects) : old.workloads();
        boolean places = any(kinds, SERVICES) || any(kinds, ENDPOINTS) || any(kinds, WORKLOADS);
        EndpointIndex endpoints = places
                ? new EndpointIndex(objects).reuse(old.endpoints(), touchedHosts(before, objects, services, touched))
                : old.endpoints();
        RouteIndex routes = any(kinds, ROUTES)
                ? new RouteIndex(objects, before.settings(), mesh.getDefaultVirtualServiceExportToList())
                : old.routes();
        boolean imports = any(kinds, SERVICES) || any(kinds, ROUTES) || any(kinds, SIDECARS);
        return new Indexes(
                services,
                endpoints,
                workloads,
                places ? new InboundIndex(services, workloads, endpoints) : old.inbound(),
                routes,
                any(kinds, RULES)
                        ? new RuleIndex(objects, before.settings(), mesh.getDefaultDestinationRuleExportToList())
                        : old.rules(),
                any(kinds, MTLS) ? new MtlsIndex(objects, before.settings()) : old.mtls(),
                any(kinds, TOKENS) ? new TokenIndex(objects, before.settings()) : old.tokens(),
                kinds.contains(Kind.REVOCATION) ? Revocations.of(objects) : old.revoked(),
                imports ? new ImportIndex(objects, services, routes, before.settings()) : old.imports(),
                any(kinds, ExtensionIndex.KINDS)
                        ? new ExtensionIndex(objects, before.settings(), mesh)
                        : old.extensions(),
                any(kinds, AUTHORIZATION) ? new AuthorizationIndex(objects, before.settings()) : old.authorization(),
                any(kinds, ReplicaSelectors.KINDS) ? new ReplicaSelectors(objects, before.settings()) : old.replicas());
    }

    @SuppressWarnings("unchecked") // the kind says it
    private static ServiceIndex services(IndexedSnapshot before, ObjectTable objects, Set<ObjectKey> touched) {
        ServiceDefinitions definitions = new ServiceDefinitions(before.settings(), mesh(objects), objects);
        Map<ObjectKey, List<ServiceDefinition>> byKey =
                new HashMap<>(before.indexes().services().definitionsByKey());
        for (ObjectKey key : touched) {
            Config<? extends Message> config = objects.get(key);
            if (config == null) {
                byKey.remove(key);
            } else if (key.kind().equals(Kind.REGISTRY_SERVICE)) {
                byKey.put(key, kept(byKey.get(key), List.of(definitions.registered((Config<Service>) config))));
            } else if (key.kind().equals(Kind.SERVICE_ENTRY)) {
                byKey.put(key, kept(byKey.get(key), definitions.declared((Config<ServiceEntry>) config)));
            }
        }
        return new ServiceIndex(byKey);
    }

    // An edit of a ServiceEntry's endpoints leaves its services what they were, the very same objects.
    static List<ServiceDefinition> kept(@Nullable List<ServiceDefinition> before, List<ServiceDefinition> after) {
        if (before == null || before.size() != after.size()) {
            return after;
        }
        List<ServiceDefinition> kept = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            kept.add(after.get(i).keeping(before.get(i).service()));
        }
        return List.copyOf(kept);
    }

    /** Hosts whose endpoints may differ after the change. */
    private static Set<String> touchedHosts(
            IndexedSnapshot before, ObjectTable objects, ServiceIndex services, Set<ObjectKey> touched) {
        Set<String> hosts = new HashSet<>();
        for (ObjectKey key : touched) {
            if (SERVICES.contains(key.kind())) {
                before.indexes()
                        .services()
                        .of(key)
                        .forEach(each -> hosts.add(each.service().hostname()));
                services.of(key).forEach(each -> hosts.add(each.service().hostname()));
            } else if (ENDPOINTS.contains(key.kind())) {
                for (Config<?> slice : present(before.objects().get(key), objects.get(key))) {
                    String service = ((EndpointSlice) slice.spec()).getService();
                    services.inNamespace(key.namespace()).stream()
                            .filter(each -> each.service().name().equals(service))
                            .forEach(each -> hosts.add(each.service().hostname()));
                }
            } else if (WORKLOADS.contains(key.kind())) {
                services.inNamespace(key.namespace()).stream()
                        .filter(each -> each instanceof ServiceDefinition.Declared
                                && !each.selector().isEmpty())
                        .forEach(each -> hosts.add(each.service().hostname()));
            }
        }
        return hosts;
    }

    private static List<Config<?>> present(@Nullable Config<?>... configs) {
        List<Config<?>> present = new ArrayList<>();
        for (Config<?> config : configs) {
            if (config != null) {
                present.add(config);
            }
        }
        return present;
    }

    static MeshConfig mesh(ObjectTable objects) {
        return objects.all(Kind.MESH_CONFIG, MeshConfig.class).stream()
                .map(Config::spec)
                .findFirst()
                .orElse(MeshConfig.getDefaultInstance());
    }

    private static boolean any(Set<Kind> touched, Set<Kind> kinds) {
        return kinds.stream().anyMatch(touched::contains);
    }
}
