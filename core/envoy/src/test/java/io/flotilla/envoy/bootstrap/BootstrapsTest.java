package io.flotilla.envoy.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BootstrapsTest {
    private static final ControlPlane CONTROL_PLANE = ControlPlane.in("istio-system", IdentityFiles.IN_POD);
    private final Bootstrap sidecar = Bootstraps.translate(
            Samples.sidecar(CONTROL_PLANE, StaticListeners.IN_POD, "10.44.0.7", ProxyTuning.DEFAULT));

    @Test
    void nodeSaysWhoItIsUnderIstiosNames() {
        Node node = sidecar.getNode();
        assertThat(node.getId()).isEqualTo("sidecar~10.44.0.7~reviews-v1-0.default~default.svc.cluster.local");
        assertThat(node.getCluster()).isEqualTo("reviews.default");
        assertThat(node.getMetadata().getFieldsMap().keySet())
                .contains("NAMESPACE", "LABELS", "SERVICE_ACCOUNT", "CLUSTER_ID", "INTERCEPTION_MODE", "REVISION")
                .doesNotContain("NETWORK", "NODE_IP");
        assertThat(fact(node, ProxyNode.CANONICAL_SERVICE)).isEqualTo("reviews");
        assertThat(fact(node, ProxyNode.CANONICAL_REVISION)).isEqualTo("v1");
        assertThat(node.getLocality().getZone()).isEqualTo("eu-1");
    }

    private static String fact(Node node, String name) {
        return node.getMetadata().getFieldsOrThrow(name).getStringValue();
    }

    @Test
    void controlPlaneIsFoundByNameAndCheckedByIt() {
        assertThat(cluster("citadel").getType()).isEqualTo(Cluster.DiscoveryType.STRICT_DNS);
        assertThat(BootstrapJson.pretty(sidecar))
                .contains("istio-citadel.istio-system.svc", "istio-pilot.istio-system.svc", "\"Bearer \"");
    }

    @Test
    void numericAndPlaceholderAddressesNeedNoDns() {
        assertThat(StaticClusters.of("c", new Address("10.0.0.1", 1)).getType())
                .isEqualTo(Cluster.DiscoveryType.STATIC);
        assertThat(StaticClusters.of("c", new Address("fd00::1", 1)).getType()).isEqualTo(Cluster.DiscoveryType.STATIC);
        assertThat(StaticClusters.of("c", new Address("@POD_IP@", 1)).getType())
                .isEqualTo(Cluster.DiscoveryType.STATIC);
        assertThat(StaticClusters.of("c", new Address("citadel", 1)).getType())
                .isEqualTo(Cluster.DiscoveryType.STRICT_DNS);
    }

    @Test
    void nothingWaitsForEverForTheControlPlane() {
        assertThat(sidecar.getDynamicResources().getCdsConfig().getInitialFetchTimeout())
                .isEqualTo(sidecar.getDynamicResources().getLdsConfig().getInitialFetchTimeout())
                .extracting(com.google.protobuf.Duration::getSeconds)
                .isEqualTo(2L);
        for (ConfigSource source : java.util.List.of(
                SdsConfig.certificate().getSdsConfig(), SdsConfig.roots().getSdsConfig())) {
            assertThat(source.getInitialFetchTimeout().getSeconds()).isEqualTo(2L);
        }
    }

    @Test
    void ownTrafficIsMarkedOnlyWhereAskedFor() {
        assertThat(sidecar.hasClusterManager()).isFalse();
        Bootstrap gateway = Bootstraps.translate(Samples.gateway(CONTROL_PLANE, StaticListeners.IN_POD));
        assertThat(gateway.getClusterManager()
                        .getUpstreamBindConfig()
                        .getSocketOptions(0)
                        .getIntValue())
                .isEqualTo(1337);
    }

    @Test
    void probesGoWhereTheKubeletWouldButPastCapture() {
        Cluster probe = cluster("probe-http|10.44.0.7:9080");
        assertThat(probe.getUpstreamBindConfig().getSourceAddress().getAddress())
                .isEqualTo("127.0.0.6");
        assertThat(cluster("probe-tcp|10.44.0.7:3306").getHealthChecks(0).hasTcpHealthCheck())
                .isTrue();
    }

    @Test
    void withoutIdentityPilotIsAskedInPlainText() {
        Bootstrap plain = Bootstraps.translate(Samples.sidecar(
                new ControlPlane(new ControlPlane.Server(new Address("127.0.0.1", 15010), "pilot"), Optional.empty()),
                StaticListeners.IN_POD,
                "127.0.0.1",
                ProxyTuning.DEFAULT));
        assertThat(plain.getStaticResources().getClustersList())
                .extracting(Cluster::getName)
                .contains("xds-grpc")
                .doesNotContain("citadel");
        assertThat(plain.getStaticResources().getClustersList())
                .filteredOn(cluster -> cluster.getName().equals("xds-grpc"))
                .allMatch(cluster -> !cluster.hasTransportSocket());
    }

    private Cluster cluster(String name) {
        return sidecar.getStaticResources().getClustersList().stream()
                .filter(cluster -> cluster.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
