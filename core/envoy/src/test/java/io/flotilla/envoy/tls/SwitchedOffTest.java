package io.flotilla.envoy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients speak plaintext to a port whose policy says DISABLE. That it works, Pilot's SidecarsQuarkusTest sees. */
class SwitchedOffTest {
    private static final String MESH = """
        apiVersion: v1
        kind: Service
        metadata: {name: server, namespace: default}
        spec:
          clusterIP: 10.0.0.1
          selector: {app: server}
          ports: [{name: http, port: 80, targetPort: 8080}, {name: http-more, port: 81, targetPort: 8081}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: server, namespace: default}
        spec:
          selector: {matchLabels: {app: server}}
          template: {metadata: {labels: {app: server}}, spec: {containers: [{name: app}]}}
        ---
        """;

    @Test
    void meshTlsIsForPortsThatTakeIt() {
        assertThat(encrypted(MESH))
                .containsExactly(
                        "outbound|80||server.default.svc.cluster.local",
                        "outbound|81||server.default.svc.cluster.local");
        assertThat(encrypted(MESH + policy("mtls: {mode: DISABLE}"))).isEmpty();
        assertThat(encrypted(MESH + policy("mtls: {mode: STRICT}, portLevelMtls: {8081: {mode: DISABLE}}")))
                .containsExactly("outbound|80||server.default.svc.cluster.local");
    }

    private static String policy(String modes) {
        return """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: server, namespace: default}
            spec: {selector: {matchLabels: {app: server}}, %s}
            """.formatted(modes);
    }

    private static List<String> encrypted(String yaml) {
        return Translator.translate(MeshFiles.of(yaml), Proxies.sidecar("client", "v1")).endpoints().stream()
                .filter(assignment -> assignment.getEndpointsList().stream()
                        .flatMap(locality -> locality.getLbEndpointsList().stream())
                        .anyMatch(endpoint -> endpoint.hasMetadata()))
                .map(ClusterLoadAssignment::getClusterName)
                .toList();
    }
}
