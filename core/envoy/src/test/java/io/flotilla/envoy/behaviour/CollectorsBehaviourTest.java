package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collectors that ProxyConfig says to connect to by TLS. */
class CollectorsBehaviourTest {
    // Envoy's tracers send what they have after five spans, or after five seconds.
    private static final int SPANS = 6;

    private static final String MESH = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                defaultConfig:
                  tracing:
                    sampling: 100
                    zipkin: {address: "zipkin.example.com:9411"}
                    tlsSettings: {mode: SIMPLE, caCertificates: ROOTS}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: web, namespace: default}
            spec: {hosts: [web.test], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.80.0.3}]}
            """;

    @Test
    void spansGoToTheirCollectorByTlsThatIsChecked(@TempDir Path scratch) throws Exception {
        Keys keys = new Keys();
        Path roots = Files.writeString(scratch.resolve("roots.pem"), keys.rootPem());
        Path others = Files.writeString(scratch.resolve("others.pem"), new Keys().rootPem());
        try (Workbench trusting = start(roots, keys);
                Workbench doubting = start(others, keys)) {
            List<App.Request> told = spans(trusting);
            assertThat(told.getFirst().line()).startsWith("POST /api/v2/spans ");
            assertThat(told.getFirst().tls().sni()).isEqualTo("zipkin.example.com");
            for (int i = 0; i < SPANS; i++) {
                doubting.checked(doubting.get("web.test", 80, "/x"));
            }
            assertThat(Waiting.until(() -> doubting.stat("cluster.zipkin.ssl.fail_verify_error"), count -> count > 0))
                    .as("a collector that nobody vouches for")
                    .isPositive();
            assertThat(doubting.apps().at("zipkin.example.com", 9411).requests())
                    .isEmpty();
        }
    }

    private static Workbench start(Path roots, Keys keys) throws IOException {
        MeshSnapshot mesh = MeshFiles.of(MESH.replace("ROOTS", roots.toString()));
        return Workbench.start(mesh, Proxies.sidecar("client", "v1"), keys);
    }

    private static List<App.Request> spans(Workbench bench) throws Exception {
        for (int i = 0; i < SPANS; i++) {
            bench.checked(bench.get("web.test", 80, "/x"));
        }
        return Waiting.until(() -> bench.apps().at("zipkin.example.com", 9411).requests(), list -> !list.isEmpty());
    }
}
