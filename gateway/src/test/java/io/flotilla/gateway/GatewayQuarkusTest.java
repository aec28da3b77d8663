package io.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.bootstrap.Address;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole service with a real Envoy, and with nobody who would configure it. */
@QuarkusTest
@TestProfile(GatewayQuarkusTest.WithEnvoy.class)
@SuppressWarnings("NullAway.Init") // Quarkus fills the fields in
class GatewayQuarkusTest {
    private static final String MESH = """
            apiVersion: networking.istio.io/v1beta1
            kind: ProxyConfig
            metadata: {name: edge, namespace: istio-system}
            spec: {selector: {matchLabels: {app: edge}}, environmentVariables: {ISTIO_META_SHOWN: "by-object"}}
            ---
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: slow, namespace: istio-system}
            spec:
              configPatches:
              - {applyTo: BOOTSTRAP, match: {context: GATEWAY}, patch: {operation: MERGE, value: {stats_flush_interval: 77s}}}
              - {applyTo: BOOTSTRAP, match: {context: SIDECAR_INBOUND}, patch: {operation: MERGE, value: {header_prefix: no}}}
            """;

    @Inject
    GatewayLifecycle gateway;

    @TestHTTPResource("/metrics")
    URI metrics;

    @TestHTTPResource("/health/ready")
    URI ready;

    public static class WithEnvoy implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path directory = Files.createTempDirectory("gw");
                Files.writeString(directory.resolve("istio-token"), "a.b.c");
                Files.copy(
                        Path.of("src/test/resources/certificates/first-chain.pem"), directory.resolve("root-cert.pem"));
                Address nobody = TestEnvoy.free();
                Files.createDirectories(directory.resolve("mesh/istio-system"));
                Files.writeString(directory.resolve("mesh/istio-system/mesh.yaml"), MESH);
                Map<String, String> settings = new HashMap<>();
                settings.put("flotilla.gateway.envoy.path", EnvoyBinary.found().toString());
                settings.put("flotilla.gateway.envoy.directory", directory.toString());
                settings.put("flotilla.gateway.envoy.drain-seconds", "1");
                settings.put("flotilla.gateway.token-dir", directory.toString());
                settings.put("flotilla.gateway.root-dir", directory.toString());
                settings.put("flotilla.gateway.pilot", nobody.toString());
                settings.put("flotilla.gateway.citadel", nobody.toString());
                settings.put(
                        "flotilla.gateway.mesh-dir", directory.resolve("mesh").toString());
                settings.put("flotilla.gateway.labels", "app=edge,istio=ingressgateway");
                for (String listener : new String[] {"admin", "probes", "readiness", "stats"}) {
                    settings.put(
                            "flotilla.gateway." + listener, TestEnvoy.free().toString());
                }
                return settings;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void envoyRunsButIsNotReadyWithoutPilot() throws Exception {
        TestEnvoy.await(
                "an Envoy", () -> gateway.supervisor().orElseThrow().process().isPresent());
        assertThat(get(ready).statusCode()).isEqualTo(503);
        assertThat(get(ready).body()).contains("\"pid\"", "\"adopted\": false");
        assertThat(get(metrics).body()).contains("gateway_envoy_up 1.0", "gateway_envoy_restarts_total");
    }

    @Test
    void envoyRunsWithWhatTheMeshSaysOfItsStart() throws Exception {
        TestEnvoy.await(
                "an Envoy", () -> gateway.supervisor().orElseThrow().process().isPresent());
        assertThat(gateway.bootstrapText())
                .contains("\"SHOWN\": \"by-object\"", "77s", "compressor.v3.Compressor")
                .doesNotContain("header_prefix");
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
