package io.flotilla.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the fields of a DestinationRule do to clusters. */
class DestinationRuleTest {
    private static final String HOST = "db.default.svc.cluster.local";

    private static EnvoyResources resources(String spec) {
        MeshSnapshot mesh = MeshFiles.of(SERVICE + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: db, namespace: default}
                spec:
                  host: db
                """ + spec.indent(2));
        return Translator.translate(mesh, Proxies.sidecar("client", "v1"));
    }

    private static Cluster cluster(String spec, int port, String subset) {
        return resources(spec).clusters().stream()
                .filter(cluster -> cluster.getName().equals(Names.outbound(port, subset, HOST)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPortsSettingsReplaceWholeComponentsAndASubsetsComeOnTop() {
        String spec = """
                trafficPolicy:
                  loadBalancer: {simple: RANDOM}
                  connectionPool: {tcp: {maxConnections: 5}, http: {http1MaxPendingRequests: 6}}
                  portLevelSettings:
                  - port: {number: 80}
                    connectionPool: {tcp: {maxConnections: 7}}
                subsets:
                - name: v1
                  labels: {version: v1}
                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                """;
        Cluster other = cluster(spec, 3306, "");
        assertThat(other.getLbPolicy()).isEqualTo(Cluster.LbPolicy.RANDOM);
        assertThat(limits(other)).containsExactly(5, 6);
        assertThat(limits(cluster(spec, 80, ""))).containsExactly(7, -1);
        Cluster subset = cluster(spec, 80, "v1");
        assertThat(subset.getLbPolicy()).isEqualTo(Cluster.LbPolicy.ROUND_ROBIN);
        assertThat(limits(subset)).containsExactly(7, -1);
    }

    private static List<Integer> limits(Cluster cluster) {
        var limits = cluster.getCircuitBreakers().getThresholds(0);
        return List.of(
                limits.getMaxConnections().getValue(),
                limits.getMaxPendingRequests().getValue());
    }

    @Test
    void withoutATlsModeTheEndpointsDecide() throws Exception {
        Cluster cluster = cluster("", 80, "");
        assertThat(cluster.getTransportSocketMatchesList())
                .extracting(Cluster.TransportSocketMatch::getName)
                .containsExactly("tlsMode-istio", "tlsMode-disabled");
        UpstreamTlsContext tls = cluster.getTransportSocketMatches(0)
                .getTransportSocket()
                .getTypedConfig()
                .unpack(UpstreamTlsContext.class);
        assertThat(tls.getSni()).isEqualTo("outbound_.80_._." + HOST);
        assertThat(tls.getCommonTlsContext()
                        .getCombinedValidationContext()
                        .getDefaultValidationContext()
                        .getMatchTypedSubjectAltNames(0)
                        .getMatcher()
                        .getExact())
                .isEqualTo("spiffe://cluster.local/ns/default/sa/db");
        assertThat(cluster("trafficPolicy: {tls: {mode: DISABLE}}", 80, "").getTransportSocketMatchesCount())
                .isZero();
        assertThat(cluster("trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}", 80, "").hasTransportSocket())
                .isTrue();
    }

    @Test
    void theControlPlanesOwnServicesAreCalledByTheirHostName() throws Exception {
        Cluster cluster = Translator.translate(
                        MeshFiles.of(SERVICE.replace("namespace: default", "namespace: istio-system")),
                        Proxies.sidecar("client", "v1"))
                .clusters()
                .stream()
                .filter(candidate -> candidate.getName().startsWith("outbound|80|"))
                .findFirst()
                .orElseThrow();
        assertThat(cluster.getTransportSocketMatches(0)
                        .getTransportSocket()
                        .getTypedConfig()
                        .unpack(UpstreamTlsContext.class)
                        .getSni())
                .isEqualTo("db.istio-system.svc.cluster.local");
    }

    @Test
    void subsetsTakeTheEndpointsWithTheirLabels() {
        String spec = """
                subsets:
                - {name: v1, labels: {version: v1}}
                - {name: v2, labels: {version: v2}}
                """;
        EnvoyResources resources = resources(spec);
        assertThat(endpoints(resources, "")).isEqualTo(2);
        assertThat(endpoints(resources, "v1")).isEqualTo(2);
        assertThat(endpoints(resources, "v2")).isZero();
    }

    private static int endpoints(EnvoyResources resources, String subset) {
        return resources.endpoints().stream()
                .filter(assignment -> assignment.getClusterName().equals(Names.outbound(80, subset, HOST)))
                .flatMap(assignment -> assignment.getEndpointsList().stream())
                .mapToInt(locality -> locality.getLbEndpointsCount())
                .sum();
    }

    @Test
    void anEndpointsChangeLeavesClustersAlone() {
        MeshSnapshot two = MeshFiles.of(SERVICE);
        MeshSnapshot three = MeshFiles.of(SERVICE.replace("replicas: 2", "replicas: 3"));
        EnvoyResources before = Translator.translate(two, Proxies.sidecar("client", "v1"));
        EnvoyResources after = Translator.translate(three, Proxies.sidecar("client", "v1"));
        assertThat(after.clusters()).isEqualTo(before.clusters());
        assertThat(after.listeners()).isEqualTo(before.listeners());
        assertThat(after.endpoints()).isNotEqualTo(before.endpoints());
    }

    @Test
    void noResourceHasAnAddressOfTheProxysOwnPod() {
        EnvoyResources resources = Translator.translate(MeshFiles.of(SERVICE), Proxies.sidecar("db", "v1"));
        assertThat(resources.listeners().toString() + resources.routes() + resources.clusters())
                .doesNotContain("10.44.");
    }

    @Test
    void envoyTakesEveryField(@TempDir Path directory) throws Exception {
        String spec = """
                trafficPolicy:
                  loadBalancer:
                    simple: LEAST_REQUEST
                    warmup: {duration: 10s, minimumPercent: 10, aggression: 1}
                    localityLbSetting: {failover: [{from: a, to: b}]}
                  connectionPool:
                    tcp: {maxConnections: 1, connectTimeout: 1s, tcpKeepalive: {probes: 3, time: 10s, interval: 1s}}
                    http: {http2MaxRequests: 9, maxRequestsPerConnection: 2, maxRetries: 3, idleTimeout: 5s, h2UpgradePolicy: UPGRADE}
                  outlierDetection: {consecutive5xxErrors: 5, consecutiveGatewayErrors: 3, interval: 1s, baseEjectionTime: 30s, maxEjectionPercent: 50, minHealthPercent: 10}
                subsets:
                - {name: ring, labels: {version: v1}, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x}}}}
                - {name: maglev, labels: {version: v1}, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: c, ttl: 0s}, maglev: {tableSize: 1009}}}}}
                - {name: simple, labels: {version: v1}, trafficPolicy: {tls: {mode: SIMPLE, sni: x.com}}}
                - {name: passthrough, labels: {version: v1}, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}}
                - {name: mutual, labels: {version: v1}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
                """;
        EnvoyResources resources = resources(spec);
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), directory))
                .isEmpty();
    }

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: default}
            spec:
              clusterIP: 10.96.2.1
              selector: {app: db}
              ports: [{name: http, port: 80}, {name: tcp-sql, port: 3306}, {name: other, port: 99}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: db-v1, namespace: default}
            spec:
              replicas: 2
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db, version: v1}}
                spec: {serviceAccountName: db, containers: [{name: db, image: db}]}
            """;
}
