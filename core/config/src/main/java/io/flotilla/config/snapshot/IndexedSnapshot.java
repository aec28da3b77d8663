package io.flotilla.config.snapshot;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A snapshot over indexes, each of which an update keeps where the change does not touch it.
 *
 * @param base     the settings before MeshConfig is applied
 * @param settings those that hold
 */
record IndexedSnapshot(MeshSettings base, MeshSettings settings, ObjectTable objects, Indexes indexes)
        implements MeshSnapshot {
    /** What translation asks for. */
    record Indexes(
            ServiceIndex services,
            EndpointIndex endpoints,
            WorkloadIndex workloads,
            InboundIndex inbound,
            RouteIndex routes,
            RuleIndex rules,
            MtlsIndex mtls,
            TokenIndex tokens,
            Revoked revoked,
            ImportIndex imports,
            ExtensionIndex extensions,
            AuthorizationIndex authorization,
            ReplicaSelectors replicas) {}

    @Override
    public MeshConfig meshConfig() {
        return objects.all(Kind.MESH_CONFIG, MeshConfig.class).stream()
                .map(Config::spec)
                .findFirst()
                .orElse(MeshConfig.getDefaultInstance());
    }

    @Override
    public Set<String> failoverLabels() {
        return indexes.rules().failoverLabels();
    }

    @Override
    public Collection<MeshService> services() {
        return indexes.services().services();
    }

    @Override
    public Set<String> namespaces() {
        return indexes.services().namespaces();
    }

    @Override
    public List<MeshService> services(String hostname) {
        return indexes.services().named(hostname);
    }

    @Override
    public List<MeshService> visibleServices(String namespace) {
        return indexes.services().visible(namespace);
    }

    @Override
    public Optional<MeshService> service(String hostname, String namespace) {
        return indexes.services().service(hostname, namespace);
    }

    @Override
    public List<MeshEndpoint> endpoints(MeshService service, int port) {
        ServiceDefinition definition = indexes.services().definition(service);
        return definition == null ? List.of() : indexes.endpoints().endpoints(definition, port, indexes.workloads());
    }

    @Override
    public List<Config<VirtualService>> virtualServices(String namespace) {
        return indexes.routes().visible(namespace).all();
    }

    @Override
    public Imports imports(String namespace, Map<String, String> labels, boolean sidecars) {
        return indexes.imports().of(namespace, labels, sidecars);
    }

    @Override
    public List<Config<DestinationRule>> destinationRules() {
        return List.copyOf(objects.all(Kind.DESTINATION_RULE, DestinationRule.class));
    }

    @Override
    public Optional<Config<DestinationRule>> destinationRule(String hostname, String namespace) {
        String owner = service(hostname, namespace).map(MeshService::namespace).orElse("");
        return indexes.rules().rule(hostname, namespace, owner, Map.of());
    }

    @Override
    public Optional<Config<DestinationRule>> destinationRule(
            MeshService service, String namespace, Map<String, String> labels) {
        return indexes.rules().rule(service.hostname(), namespace, service.namespace(), labels);
    }

    @Override
    public RuleParts destinationRuleParts(MeshService service, String namespace, Map<String, String> labels) {
        return indexes.rules().parts(service.hostname(), namespace, service.namespace(), labels);
    }

    @Override
    public Set<String> clientLabels(String namespace) {
        return indexes.rules().clientLabels(namespace);
    }

    @Override
    public List<Config<Gateway>> gateways(Map<String, String> labels) {
        return indexes.routes().gateways(labels);
    }

    @Override
    public Optional<Config<Gateway>> gateway(String namespace, String name) {
        return indexes.routes().gateway(namespace, name);
    }

    @Override
    public Set<Integer> mtlsPorts(String namespace, Map<String, String> labels) {
        return indexes.mtls().ports(namespace, labels);
    }

    @Override
    public boolean disablesMtls() {
        return indexes.mtls().disables();
    }

    @Override
    public MtlsMode mtlsMode(String namespace, Map<String, String> labels, int port) {
        return mtlsDecision(namespace, labels, port).mode();
    }

    @Override
    public MtlsDecision mtlsDecision(String namespace, Map<String, String> labels, int port) {
        return indexes.mtls().decide(namespace, labels, port, inboundPorts(namespace, labels));
    }

    @Override
    public TokenPolicy tokens(Guarded workload, int port) {
        return indexes.tokens().at(workload, port, inboundPorts(workload.namespace(), workload.labels()));
    }

    @Override
    public TokenPolicy edgeTokens(Guarded workload, int port, Collection<ObjectKey> gateways) {
        return indexes.tokens()
                .atEdge(workload, port, origins(gateways), inboundPorts(workload.namespace(), workload.labels()));
    }

    @Override
    public List<Clause> tokenClauses(Guarded workload, int port) {
        return indexes.tokens().clauses(workload, port, inboundPorts(workload.namespace(), workload.labels()));
    }

    @Override
    public List<Clause> edgeTokenClauses(Guarded workload, int port, Collection<ObjectKey> gateways) {
        return indexes.tokens()
                .edgeClauses(workload, port, origins(gateways), inboundPorts(workload.namespace(), workload.labels()));
    }

    @Override
    public List<Config<Revocation>> revocations() {
        return objects.all(Kind.REVOCATION, Revocation.class).stream()
                .sorted(Comparator.comparing(Config::key))
                .toList();
    }

    @Override
    public boolean selectsReplica(String namespace, Map<String, String> labels) {
        return indexes.replicas().hit(namespace, labels);
    }

    @Override
    public boolean selectsReplicas() {
        return indexes.replicas().any();
    }

    @Override
    public Revoked revoked() {
        return indexes.revoked();
    }

    @Override
    public Authorization authorization(Guarded workload, int port) {
        List<InboundPort> inbound = inboundPorts(workload.namespace(), workload.labels());
        boolean peer = indexes.tokens().principalIsPeer(workload, port, inbound);
        return indexes.authorization().at(workload, port, inbound, peer);
    }

    @Override
    public Authorization edgeAuthorization(Guarded router, Collection<ObjectKey> gateways) {
        return indexes.authorization().atEdge(router, origins(gateways));
    }

    @Override
    public MeshConfig mesh() {
        return SnapshotBuilder.mesh(objects);
    }

    @Override
    public Optional<Workload> workload(String namespace, String name) {
        return indexes.workloads().byName(namespace, name);
    }

    @Override
    public Optional<Workload> workloadByAddress(String network, String address) {
        return indexes.workloads().byAddress(network, address);
    }

    @Override
    public List<InboundPort> inboundPorts(String namespace, Map<String, String> labels) {
        return indexes.inbound().of(namespace, labels);
    }

    @Override
    public ExtensionIndex extensions() {
        return indexes.extensions();
    }

    // What policies name is what somebody wrote, not what became of it.
    private List<ObjectKey> origins(Collection<ObjectKey> gateways) {
        return gateways.stream()
                .map(key -> gateway(key.namespace(), key.name())
                        .filter(config -> config.spec().getServersCount() > 0)
                        .map(config -> PolicyTargets.origin(key, config.spec()))
                        .orElse(key))
                .distinct()
                .toList();
    }
}
