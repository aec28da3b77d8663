package io.flotilla.envoy.cluster;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig.ConnectionSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Subset;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Families;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.endpoint.Assignment;
import io.flotilla.envoy.endpoint.LocalityPolicy;
import io.flotilla.envoy.filter.ConnectionProfile;
import io.flotilla.envoy.filter.NameLookup;
import io.flotilla.envoy.tls.CredentialServer;
import io.flotilla.envoy.tls.OriginatedTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that one outbound cluster is made of.
 *
 * @param target whose port
 * @param subset empty for the whole service
 * @param rule   the DestinationRule in force
 * @param reach  how its endpoints are found
 * @param mesh   what holds for all
 */
public record OutboundCluster(
        Target target, String subset, Optional<Config<DestinationRule>> rule, Reach reach, Mesh mesh) {
    /** Stands for "all endpoints speak mesh TLS" where a cluster has no endpoints of its own. */
    static final MeshEndpoint SOME_MESH_ENDPOINT =
            new MeshEndpoint(List.of(), 0, Map.of(), "", "", "", "", "", 1, MeshEndpoint.Health.HEALTHY, true);

    /**
     * A port of a service.
     *
     * @param external out of the mesh
     * @param names    that its servers may show
     * @param suite    one of the control plane's own: TLS servers in Java refuse an SNI that is no host name
     */
    public record Target(String host, ServicePort port, boolean external, List<String> names, boolean suite) {}

    /**
     * How endpoints are found and who they are.
     *
     * @param endpoints only for clusters that hold them themselves
     * @param peers     expected SPIFFE identities
     * @param families  of addresses that the caller can reach
     */
    public record Reach(Discovery discovery, List<MeshEndpoint> endpoints, List<String> peers, Families families) {}

    /** The settings of the mesh that clusters depend on. */
    public record Mesh(Duration connectTimeout, boolean classic, boolean autoMtls, boolean edge, MeshConfig config) {
        static Mesh of(MeshSettings settings, MeshConfig config, boolean edge) {
            return new Mesh(settings.connectTimeout(), settings.classic(), settings.autoMtls(), edge, config);
        }
    }

    /** "outbound|PORT|SUBSET|HOST". */
    public String name() {
        return Names.outbound(target.port().number(), subset, target.host());
    }

    /** The policy in force for this port and subset. */
    TrafficPolicy policy() {
        TrafficPolicy own = rule.map(config -> TrafficPolicies.effective(
                        config.spec(), subset, target.port().number()))
                .orElse(TrafficPolicy.getDefaultInstance());
        TrafficPolicy policy = MeshPolicies.under(own, mesh.config());
        return policy.hasTls()
                ? policy.toBuilder()
                        .setTls(OriginatedTls.settled(policy.getTls(), mesh.classic()))
                        .build()
                : policy;
    }

    /**
     * Who serves the credentials that the rule names. As in Istio, to a sidecar only those of a rule that selects its
     * clients: of one for everybody, proxies would wait for secrets that they may not read.
     */
    CredentialServer credentials() {
        if (mesh.edge()) {
            return CredentialServer.GATEWAY;
        }
        boolean selects = rule.stream()
                .anyMatch(config -> config.spec().getWorkloadSelector().getMatchLabelsCount() > 0);
        return selects ? CredentialServer.CITADEL : CredentialServer.NOBODY;
    }

    /** The Envoy cluster. */
    public Cluster build() {
        TrafficPolicy policy = policy();
        Cluster.Builder cluster = Cluster.newBuilder()
                .setName(name())
                .setConnectTimeout(Durations.fromNanos(mesh.connectTimeout().toNanos()));
        discover(cluster);
        asked(policy).ifPresent(names -> names.apply(cluster));
        LoadBalancing.apply(cluster, policy, mesh);
        ConnectionPools.apply(cluster, policy, mesh.classic());
        OutlierDetections.apply(cluster, policy);
        Protocols.apply(cluster, this, policy, asked(policy));
        TransportSockets.apply(cluster, this, policy);
        StatNames.outbound(cluster, mesh.config().getOutboundClusterStatName(), target, subset);
        ConnectionSettings connections = ConnectionProfile.of(mesh.config(), mesh.edge());
        if (connections.hasClusterPerConnectionBufferLimitBytes()) {
            cluster.setPerConnectionBufferLimitBytes(Wire.number(
                    connections.getClusterPerConnectionBufferLimitBytes().getValue()));
        }
        rule.ifPresent(config -> cluster.setMetadata(Wire.decidedBy(config.key(), "destination-rule")));
        return DnsClusters.current(cluster.build());
    }

    private Optional<AskedNames> asked(TrafficPolicy policy) {
        return reach.discovery() == Discovery.DYNAMIC_DNS
                ? Optional.of(
                        AskedNames.of(NameLookup.of(mesh.config(), reach.families()), policy.getTls(), target.names()))
                : Optional.empty();
    }

    private void discover(Cluster.Builder cluster) {
        switch (reach.discovery()) {
            case EDS ->
                cluster.setType(Cluster.DiscoveryType.EDS)
                        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder()
                                .setEdsConfig(Wire.ads())
                                .setServiceName(name()));
            case ORIGINAL_DESTINATION ->
                cluster.setType(Cluster.DiscoveryType.ORIGINAL_DST).setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
            case STRICT_DNS -> dns(cluster.setType(Cluster.DiscoveryType.STRICT_DNS));
            case LOGICAL_DNS -> dns(cluster.setType(Cluster.DiscoveryType.LOGICAL_DNS));
            case DYNAMIC_DNS -> {
                // AskedNames does, since it depends on the policy.
            }
        }
    }

    // In the older form, whose type policies are applied by.
    @SuppressWarnings("deprecation")
    private void dns(Cluster.Builder cluster) {
        List<MeshEndpoint> named = reach.endpoints().isEmpty() ? List.of(itself()) : reach.endpoints();
        Map<String, String> labels = rule.stream()
                .flatMap(config -> config.spec().getSubsetsList().stream())
                .filter(candidate -> candidate.getName().equals(subset))
                .findFirst()
                .map(Subset::getLabelsMap)
                .orElse(Map.of());
        List<MeshEndpoint> chosen = named.stream()
                .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
        cluster.setDnsLookupFamily(
                        reach.families() == Families.V6
                                ? Cluster.DnsLookupFamily.V6_ONLY
                                : Cluster.DnsLookupFamily.V4_PREFERRED)
                .setDnsRefreshRate(
                        mesh.config().hasDnsRefreshRate()
                                ? mesh.config().getDnsRefreshRate()
                                : Durations.fromSeconds(mesh.classic() ? 5 : 60))
                .setRespectDnsTtl(!mesh.classic())
                .setLoadAssignment(new Assignment(name(), chosen, LocalityPolicy.none()).build());
    }

    private MeshEndpoint itself() {
        return new MeshEndpoint(
                List.of(target.host()),
                target.port().number(),
                Map.of(),
                "",
                "",
                "",
                "",
                "",
                1,
                MeshEndpoint.Health.HEALTHY,
                false);
    }
}
