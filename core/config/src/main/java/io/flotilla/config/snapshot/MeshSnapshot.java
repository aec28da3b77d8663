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
import io.flotilla.config.model.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mesh at one moment: immutable, indexed for what translation asks. Everything it returns is sorted, so that
 * equal content gives equal output. Classic kinds are already current ones here (wire.md, "Which era").
 */
public interface MeshSnapshot {
    MeshSettings settings();

    /** MeshConfig as it was given; without any, one that says nothing. */
    MeshConfig meshConfig();

    /** All services, sorted by hostname, then namespace. */
    Collection<MeshService> services();

    /** Namespaces that have services. */
    Set<String> namespaces();

    /** All services of that exact hostname, whoever sees them. */
    List<MeshService> services(String hostname);

    /** Services that a proxy in {@code namespace} may see, by exportTo. */
    List<MeshService> visibleServices(String namespace);

    /** The service of that exact hostname which {@code namespace} sees; its own namespace wins. */
    Optional<MeshService> service(String hostname, String namespace);

    /** Endpoints of one port, sorted; empty where there are none. */
    List<MeshEndpoint> endpoints(MeshService service, int port);

    /** VirtualServices that {@code namespace} sees, oldest first, then by name: the first for a host wins. */
    List<Config<VirtualService>> virtualServices(String namespace);

    /**
     * What a workload of these labels may call: what its namespace sees, or what a Sidecar imports of that.
     *
     * @param sidecars whether Sidecars are for this workload at all
     */
    Imports imports(String namespace, Map<String, String> labels, boolean sidecars);

    /**
     * The rule for a service as a workload of these labels meets it: of the rules of the client's namespace, then the
     * service's, then the root's; one that selects the workload comes before those for all.
     */
    Optional<Config<DestinationRule>> destinationRule(
            MeshService service, String namespace, Map<String, String> labels);

    /** The objects of which {@link #destinationRule(MeshService, String, Map)} is made, to say which of them decided. */
    RuleParts destinationRuleParts(MeshService service, String namespace, Map<String, String> labels);

    /** All DestinationRules, by namespace and name. */
    List<Config<DestinationRule>> destinationRules();

    /** Names of the labels that some failoverPriority compares. */
    Set<String> failoverLabels();

    /** Names of the labels by which rules select their clients in a namespace. */
    Set<String> clientLabels(String namespace);

    /** The rule for a host as seen from {@code namespace}: client's namespace, then service's, then root; merged. */
    Optional<Config<DestinationRule>> destinationRule(String hostname, String namespace);

    /** Gateways whose selector the workload's labels satisfy, the oldest first, then by name. */
    List<Config<Gateway>> gateways(Map<String, String> labels);

    /** The Gateway "NAMESPACE/NAME". */
    Optional<Config<Gateway>> gateway(String namespace, String name);

    /** Ports of a workload that its PeerAuthentication names, whether a service has them or not. */
    Set<Integer> mtlsPorts(String namespace, Map<String, String> labels);

    /** Some server may take nothing but plaintext, sidecar or not: {@link MtlsMode#DISABLE} is somewhere. */
    boolean disablesMtls();

    /** What a port of a workload accepts, by PeerAuthentication and classic policies. */
    MtlsMode mtlsMode(String namespace, Map<String, String> labels, int port);

    /** The same with what says so. */
    MtlsDecision mtlsDecision(String namespace, Map<String, String> labels, int port);

    /** Whose tokens are believed at a port of a workload; port 0 is every port that no service has. */
    TokenPolicy tokens(Guarded workload, int port);

    /** Whose tokens are believed at an edge, for requests to these Gateways, which come to this port of its pods. */
    TokenPolicy edgeTokens(Guarded workload, int port, Collection<ObjectKey> gateways);

    /** What says each rule of {@link #tokens}, in their order. */
    List<Clause> tokenClauses(Guarded workload, int port);

    /** What says each rule of {@link #edgeTokens}, in their order. */
    List<Clause> edgeTokenClauses(Guarded workload, int port, Collection<ObjectKey> gateways);

    /** The objects that take certificates and identities back, by name. */
    List<Config<Revocation>> revocations();

    /** Labels that differ between the replicas of one workload. */
    static Set<String> replicaLabels() {
        return ReplicaSelectors.LABELS;
    }

    /** Whether some policy, or other object that changes proxies, selects a pod by a label that only it has. */
    boolean selectsReplica(String namespace, Map<String, String> labels);

    /** Whether there is any such object. */
    boolean selectsReplicas();

    /** Certificates and identities that were taken back. */
    Revoked revoked();

    /** The policies that hold at a port of a workload; 0 for ports that no service has. */
    Authorization authorization(Guarded workload, int port);

    /** The policies that hold at an edge proxy, for the connections of these Gateways. */
    Authorization edgeAuthorization(Guarded router, Collection<ObjectKey> gateways);

    /** MeshConfig as written; empty where the mesh has none. */
    MeshConfig mesh();

    Optional<Workload> workload(String namespace, String name);

    /**
     * The workload that has an address in a network. Where one side does not know the network, the only one with that
     * address is meant.
     */
    Optional<Workload> workloadByAddress(String network, String address);

    /** Ports that a workload serves, by the services that select it: endpoint port to service and service port. */
    List<InboundPort> inboundPorts(String namespace, Map<String, String> labels);

    /** Patches, telemetry and plugins. */
    ExtensionIndex extensions();

    /** One port on which a workload is called. */
    record InboundPort(int endpointPort, MeshService service, ServicePort servicePort) {}
}
