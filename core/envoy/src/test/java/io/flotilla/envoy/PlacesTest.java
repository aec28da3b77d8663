package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints a client prefers, by labels, and how it reaches those of other networks. */
class PlacesTest {
    private static final String HOST = "db.example.com";
    private static final String ENTRY = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: db, namespace: default}
            spec:
              hosts: [db.example.com]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints:
              - {address: 10.1.0.1, serviceAccount: a, network: n1, locality: r/z1, labels: {version: v1}}
              - {address: 10.1.0.2, serviceAccount: a, network: n1, locality: r/z2, labels: {version: v2}}
              - {address: 10.2.0.1, serviceAccount: a, network: n2, locality: r2/z, labels: {version: v1}}
              - {address: 10.2.0.2, serviceAccount: a, network: n2, locality: r2/z, weight: 3}
              - {address: 10.2.0.3, network: n2, locality: r2/z}
            """;
    private static final String NETWORKS = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: "{}"
              meshNetworks: |
                networks:
                  n2: {gateways: [{address: 192.0.2.2, port: 443}, {address: 192.0.2.3}]}
            """;

    private static String rule(String loadBalancer) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: db, namespace: default}
                spec:
                  host: db.example.com
                  trafficPolicy:
                    outlierDetection: {consecutive5xxErrors: 7}
                    loadBalancer: {%s}
                """.formatted(loadBalancer);
    }

    private static ProxyView client(String version, String network) {
        ProxyView view = Proxies.sidecar("client", version);
        return new ProxyView(view.role(), view.workload(), "r/z1", network, view.capture(), "", java.util.Map.of());
    }

    private static ClusterLoadAssignment assignment(EnvoyResources resources, String cluster) {
        return resources.endpoints().stream()
                .filter(each -> each.getClusterName().equals(cluster))
                .findFirst()
                .orElseThrow();
    }

    /** "PRIORITY=ADDRESS ADDRESS, ..." */
    private static String order(ClusterLoadAssignment assignment) {
        return assignment.getEndpointsList().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getPriority(),
                        java.util.TreeMap::new,
                        Collectors.flatMapping(
                                each -> each.getLbEndpointsList().stream().map(PlacesTest::address),
                                Collectors.joining(" "))))
                .toString();
    }

    private static String address(LbEndpoint endpoint) {
        return endpoint.getEndpoint().getAddress().getSocketAddress().getAddress();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            localityLbSetting: {}; {0=10.1.0.1, 1=10.1.0.2, 2=10.2.0.1 10.2.0.2 10.2.0.3}
            localityLbSetting: {enabled: false}; {0=10.1.0.1 10.1.0.2 10.2.0.1 10.2.0.2 10.2.0.3}
            localityLbSetting: {failoverPriority: [version]}; {0=10.1.0.1 10.2.0.1, 1=10.1.0.2 10.2.0.2 10.2.0.3}
            localityLbSetting: {failoverPriority: [topology.istio.io/network, version]}; {0=10.1.0.1, 1=10.1.0.2, 2=10.2.0.1 10.2.0.2 10.2.0.3}
            localityLbSetting: {failoverPriority: ["version=v2"]}; {0=10.1.0.2, 1=10.1.0.1 10.2.0.1 10.2.0.2 10.2.0.3}
            zoneAwareLbSetting: {enabled: true}; {0=10.1.0.1 10.1.0.2, 1=10.2.0.1 10.2.0.2 10.2.0.3}
            """)
    void theNearestComeFirst(String setting, String order) {
        EnvoyResources resources = Translator.translate(MeshFiles.of(ENTRY + rule(setting)), client("v1", "n1"));
        assertThat(order(assignment(resources, Names.outbound(80, "", HOST)))).isEqualTo(order);
    }

    @Test
    void onlyLabelsThatSomeRuleComparesTellClientsApart() {
        MeshSnapshot mesh = MeshFiles.of(ENTRY + rule("localityLbSetting: {failoverPriority: [version]}"));
        MeshSnapshot other = MeshFiles.of(ENTRY + rule("localityLbSetting: {failoverPriority: [color]}"));
        assertThat(first(mesh, "v1")).isNotEqualTo(first(mesh, "v2"));
        Scope.Caches caches = new Scope.Caches(new SharedResources(), new SharedResources());
        assertThat(first(other, "v1", caches)).isSameAs(first(other, "v2", caches));
    }

    private static ClusterLoadAssignment first(MeshSnapshot mesh, String version) {
        return first(mesh, version, Scope.Caches.none());
    }

    private static ClusterLoadAssignment first(MeshSnapshot mesh, String version, Scope.Caches caches) {
        return Translator.translate(
                        new Scope(mesh, client(version, "n1"), PeerIdentities.ofEndpoints(), caches, Tuning.defaults()))
                .endpoints()
                .getFirst();
    }

    @Test
    void anotherNetworkIsReachedThroughItsGatewaysByMeshTlsOnly() {
        MeshSnapshot mesh = MeshFiles.of(ENTRY + NETWORKS);
        ClusterLoadAssignment far =
                assignment(Translator.translate(mesh, client("v1", "n1")), Names.outbound(80, "", HOST));
        assertThat(order(far)).isEqualTo("{0=10.1.0.1 10.1.0.2 192.0.2.2 192.0.2.3}");
        assertThat(far.getEndpointsList().stream()
                        .flatMap(each -> each.getLbEndpointsList().stream())
                        .map(each -> address(each) + ":"
                                + each.getEndpoint()
                                        .getAddress()
                                        .getSocketAddress()
                                        .getPortValue()
                                + " " + each.getLoadBalancingWeight().getValue() + " "
                                + each.getMetadata()
                                        .getFilterMetadataOrDefault(
                                                "envoy.transport_socket_match",
                                                com.google.protobuf.Struct.getDefaultInstance())
                                        .getFieldsOrDefault("tlsMode", com.google.protobuf.Value.getDefaultInstance())
                                        .getStringValue()))
                .containsExactly(
                        "10.1.0.1:80 2 istio",
                        "10.1.0.2:80 2 istio",
                        "192.0.2.2:443 4 istio",
                        "192.0.2.3:15443 4 istio");
        assertThat(order(assignment(Translator.translate(mesh, client("v1", "n2")), Names.outbound(80, "", HOST))))
                .as("n1 has no gateway")
                .isEqualTo("{0=10.1.0.1 10.1.0.2 10.2.0.1 10.2.0.2 10.2.0.3}");
    }

    @Test
    void aGatewayBetweenNetworksPassesMeshTlsToTheServiceOfItsName() {
        String gateway = """
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: between, namespace: istio-system}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 15443, name: tls, protocol: TLS}
                    hosts: ["*.example.com"]
                    tls: {mode: AUTO_PASSTHROUGH}
                """;
        ProxyView edge = Proxies.ingress();
        ProxyView here = new ProxyView(
                edge.role(), edge.workload(), "", "n2", edge.capture(), edge.revision(), java.util.Map.of());
        EnvoyResources resources = Translator.translate(MeshFiles.of(ENTRY + NETWORKS + gateway), here);
        String sni = "outbound_.80_._." + HOST;
        FilterChain chain = resources.listeners().getFirst().getFilterChains(0);
        assertThat(chain.getFilterChainMatch().getServerNamesList()).containsExactly(sni);
        assertThat(chain.getFilterChainMatch().getApplicationProtocolsList()).contains("istio");
        Cluster cluster = resources.clusters().stream()
                .filter(each -> each.getName().equals(sni))
                .findFirst()
                .orElseThrow();
        assertThat(cluster.hasTransportSocket() || cluster.getTransportSocketMatchesCount() > 0)
                .as("bytes pass as they are")
                .isFalse();
        assertThat(order(assignment(resources, sni))).isEqualTo("{0=10.2.0.1 10.2.0.2}");
    }
}
