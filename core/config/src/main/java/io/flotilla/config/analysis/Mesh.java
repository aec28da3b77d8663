package io.flotilla.config.analysis;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mesh as checks look at it: objects by kind, and what refers to what. Made for one analysis, by one thread. */
public final class Mesh {
    private static final Set<Kind> CONTROLLERS =
            Set.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.REPLICA_SET, Kind.JOB);

    /** Kinds by which services, their endpoints and mutual TLS differ. */
    private static final Set<Kind> OF_SNAPSHOT =
            Set.of(Kind.SERVICE_ENTRY, Kind.PEER_AUTHENTICATION, Kind.POLICY, Kind.MESH_POLICY, Kind.MESH_CONFIG);

    private final AnalysisInput input;
    private final MeshSnapshot snapshot;
    private final Map<Kind, SortedMap<ObjectKey, Config<?>>> byKind = new HashMap<>();
    private final @Nullable Config<?> only;
    private final Namespaces namespaces;
    private final Workloads workloads;
    private final Hosts hosts;
    private final Rules rules;
    private final ServiceManifests services;

    Mesh(AnalysisInput input) {
        this.input = input;
        this.snapshot = input.snapshot();
        this.only = null;
        for (Config<?> config : input.objects()) {
            byKind.computeIfAbsent(config.key().kind(), kind -> new TreeMap<>()).put(config.key(), config);
        }
        this.namespaces = new Namespaces(this);
        this.workloads = new Workloads(WorkloadReader.read(this));
        this.hosts = new Hosts(snapshot);
        this.rules = new Rules(this);
        this.services = new ServiceManifests(this);
    }

    private Mesh(Mesh base, Collection<Config<?>> more, MeshSnapshot snapshot) {
        this.input = base.input;
        this.snapshot = snapshot;
        this.only = null;
        this.byKind.putAll(base.byKind);
        Set<Kind> kinds = new HashSet<>();
        for (Config<?> config : more) {
            Kind kind = config.key().kind();
            if (kinds.add(kind)) {
                byKind.put(kind, new TreeMap<>(byKind.getOrDefault(kind, Collections.emptySortedMap())));
            }
            Objects.requireNonNull(byKind.get(kind), "put above").put(config.key(), config);
        }
        boolean same = snapshot == base.snapshot;
        boolean known = more.stream().allMatch(each -> base.namespaces.known(each.namespace()));
        this.namespaces = known && same ? base.namespaces : new Namespaces(this);
        this.workloads = kinds.contains(Kind.WORKLOAD_ENTRY) || !same
                ? new Workloads(WorkloadReader.read(this))
                : base.workloads;
        this.hosts = same ? base.hosts : new Hosts(snapshot);
        this.rules = kinds.contains(Kind.DESTINATION_RULE) ? new Rules(this) : base.rules;
        this.services = base.services;
    }

    private Mesh(Mesh whole, Config<?> only) {
        this.input = whole.input;
        this.snapshot = whole.snapshot;
        this.byKind.putAll(whole.byKind);
        this.only = only;
        this.namespaces = whole.namespaces;
        this.workloads = whole.workloads;
        this.hosts = whole.hosts;
        this.rules = whole.rules;
        this.services = whole.services;
    }

    /** This mesh once more configuration came into it, in the place of what has the same names. */
    Mesh with(Collection<Config<?>> more) {
        List<Config<?>> moving = more.stream()
                .filter(each -> OF_SNAPSHOT.contains(each.key().kind()))
                .toList();
        return new Mesh(this, more, moving.isEmpty() ? snapshot : SnapshotBuilder.update(snapshot, moving, List.of()));
    }

    /** The same mesh, of which checks are shown one object as the only one of its kind; all are found by name. */
    Mesh only(Config<?> object) {
        return new Mesh(this, object);
    }

    public MeshSnapshot snapshot() {
        return snapshot;
    }

    public MeshSettings settings() {
        return snapshot.settings();
    }

    /** Calls that somebody observed. */
    public Collection<AnalysisInput.Call> calls() {
        return input.calls();
    }

    public Namespaces namespaces() {
        return namespaces;
    }

    public Workloads workloads() {
        return workloads;
    }

    public Hosts hosts() {
        return hosts;
    }

    /** Services of the platform. */
    public ServiceManifests services() {
        return services;
    }

    /** DestinationRules by host. */
    public Rules rules() {
        return rules;
    }

    /** Whether a field is written at all, also with its default value; true where nobody can tell. */
    public boolean written(Config<?> config, String... path) {
        return input.positions().written(config, path);
    }

    /** Objects of a kind, sorted; none if they are not of this message. */
    @SuppressWarnings("unchecked") // each spec is looked at first
    public <T extends Message> List<Config<T>> all(Kind kind, Class<T> type) {
        if (only != null && only.key().kind().equals(kind)) {
            return type.isInstance(only.spec()) ? List.of((Config<T>) only) : List.of();
        }
        List<Config<T>> all = new ArrayList<>();
        for (Config<?> config :
                byKind.getOrDefault(kind, Collections.emptySortedMap()).values()) {
            if (type.isInstance(config.spec())) {
                all.add((Config<T>) config);
            }
        }
        return all;
    }

    /** Manifests of a kind, sorted. */
    public List<Config<Struct>> manifests(Kind kind) {
        return all(kind, Struct.class);
    }

    /** Every object. */
    public Collection<Config<?>> objects() {
        if (only != null) {
            return List.of(only);
        }
        List<Config<?>> all = new ArrayList<>();
        byKind.values().forEach(each -> all.addAll(each.values()));
        return all;
    }

    /** Kinds of which there are objects. */
    public Set<Kind> kinds() {
        return Collections.unmodifiableSet(byKind.keySet());
    }

    /** One object. */
    public Optional<Config<?>> find(Kind kind, String namespace, String name) {
        SortedMap<ObjectKey, Config<?>> objects = byKind.get(kind);
        return objects == null
                ? Optional.empty()
                : Optional.ofNullable(objects.get(ObjectKey.of(kind, namespace, name)));
    }

    /** Some object of a kind, so that a missing one is missing and not only unread. */
    public boolean has(Kind kind) {
        return byKind.containsKey(kind);
    }

    /** VirtualServices, sorted. */
    public List<Config<VirtualService>> virtualServices() {
        return all(Kind.VIRTUAL_SERVICE, VirtualService.class);
    }

    /** DestinationRules, sorted. */
    public List<Config<DestinationRule>> destinationRules() {
        return all(Kind.DESTINATION_RULE, DestinationRule.class);
    }

    /** Gateways, sorted. */
    public List<Config<Gateway>> gateways() {
        return all(Kind.GATEWAY, Gateway.class);
    }

    /** Workloads behind a service of the platform, by its selector; empty where it has none. */
    public List<WorkloadFact> behind(MeshService service) {
        Optional<Config<?>> manifest = find(Kind.SERVICE, service.namespace(), service.name());
        if (manifest.isPresent() && manifest.get().spec() instanceof Struct struct) {
            Map<String, String> selector = new Manifest(struct).strings("spec", "selector");
            return selector.isEmpty() ? List.of() : workloads.select(service.namespace(), selector);
        }
        return List.of();
    }

    /** A pod of a controller that was read too: what is wrong with it is told once, where the template stands. */
    public boolean repeated(WorkloadFact workload) {
        return workload.source().key().kind().equals(Kind.POD)
                && !workload.pod().list("metadata", "ownerReferences").isEmpty()
                && CONTROLLERS.stream().anyMatch(this::has);
    }

    /** Label sets of what serves a service: its workloads, and endpoints that are declared or known otherwise. */
    public Set<Map<String, String>> servers(MeshService service) {
        Set<Map<String, String>> labels = new HashSet<>();
        behind(service).forEach(each -> labels.add(each.labels()));
        if (labels.isEmpty()) {
            service.ports()
                    .forEach(port -> snapshot.endpoints(service, port.number())
                            .forEach(endpoint -> labels.add(endpoint.labels())));
        }
        return labels;
    }
}
