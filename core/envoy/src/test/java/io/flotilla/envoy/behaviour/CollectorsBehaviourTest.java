package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Keys;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                    TRACER: {address: "spans.example.com:9411"SECRET}
                    tlsSettings: {mode: SIMPLE, caCertificates: ROOTS}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: web, namespace: default}
            spec: {hosts: [web.test], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.80.0.3}]}
            """;

    /** What each tracer says first to its collector: HTTP/2 begins with a line of its own. */
    @ParameterizedTest
    @CsvSource({
        "zipkin, '', POST /api/v2/spans ",
        "datadog, '', POST /v0.",
        "lightstep, ', accessToken: mine', PRI * HTTP/2",
    })
    void spansGoToTheirCollectorByTlsThatIsChecked(String tracer, String secret, String said, @TempDir Path scratch)
            throws Exception {
        Keys keys = new Keys();
        Path roots = Files.writeString(scratch.resolve("roots.pem"), keys.rootPem());
        Path others = Files.writeString(scratch.resolve("others.pem"), new Keys().rootPem());
        String mesh = MESH.replace("TRACER", tracer).replace("SECRET", secret);
        try (Workbench trusting = start(mesh.replace("ROOTS", roots.toString()), keys);
                Workbench doubting = start(mesh.replace("ROOTS", others.toString()), keys)) {
            App.Request told = spans(trusting, said);
            assertThat(told.tls().sni()).isEqualTo("spans.example.com");
            for (int i = 0; i < SPANS; i++) {
                doubting.checked(doubting.get("web.test", 80, "/x"));
            }
            assertThat(Waiting.until(
                            () -> doubting.stat("cluster." + tracer + ".ssl.fail_verify_error"), count -> count > 0))
                    .as("a collector that nobody vouches for")
                    .isPositive();
            assertThat(doubting.apps().at("spans.example.com", 9411).requests()).isEmpty();
        }
    }

    private static Workbench start(String mesh, Keys keys) throws IOException {
        return Workbench.start(MeshFiles.of(mesh), Proxies.sidecar("client", "v1"), keys);
    }

    private static App.Request spans(Workbench bench, String said) throws Exception {
        for (int i = 0; i < SPANS; i++) {
            bench.checked(bench.get("web.test", 80, "/x"));
        }
        App collector = bench.apps().at("spans.example.com", 9411);
        return Waiting.until(
                        () -> collector.requests().stream()
                                .filter(request -> request.line().startsWith(said))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow(() -> new AssertionError(collector.requests().toString()));
    }
}
