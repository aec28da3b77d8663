package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the commands say of the proxies of a running mesh. */
@OfMeshes
class ProxyStateIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final String REVIEWS = "outbound|9080||reviews.default.svc.cluster.local";

    private static Mesh mesh;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @Test
    void everyProxyOfTheMeshIsInStepWithPilot() {
        Command[] last = new Command[1];
        Eventually.holdsSlowly(SETTLE, () -> "all proxies in step: " + last[0], () -> {
            last[0] = mesh.flotilla("proxy-status");
            return last[0].exit() == 0;
        });
        List<String> proxies = mesh.status().pods().stream()
                .filter(pod -> pod.sidecar() && !pod.terminating())
                .map(pod -> pod.name() + "." + pod.namespace())
                .toList();
        assertThat(proxies).hasSizeGreaterThan(5);
        for (String proxy : proxies) {
            assertThat(last[0].out().lines())
                    .as(proxy)
                    .anyMatch(line -> line.matches(proxy.replace(".", "\\.") + " +SYNCED +SYNCED +.*Z"));
        }
        JsonNode page = json("ps", proxies.getFirst());
        assertThat(page.findValuesAsText("proxy")).containsExactly(proxies.getFirst());
        assertThat(page.path(0).path("cluster_acked").asText())
                .isNotEmpty()
                .isEqualTo(page.path(0).path("cluster_sent").asText());
    }

    @Test
    void aPodSaysHowItsOwnEnvoyStarts() {
        mesh.apply("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: own-bootstrap, namespace: default}
            data:
              custom_bootstrap.json: |
                {"stats_flush_interval": "2s", "static_resources": {"clusters": [{"name": "own", "connect_timeout": "1s"}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: tuned, namespace: default}
            spec:
              replicas: 1
              selector: {matchLabels: {app: tuned}}
              template:
                metadata:
                  labels: {app: tuned}
                  annotations:
                    sidecar.istio.io/bootstrapOverride: own-bootstrap
                    sidecar.istio.io/componentLogLevel: upstream:debug
                spec: {containers: [{name: sleep, image: "flotilla/sleep:0.1.0"}]}
            """);
        try {
            Eventually.holdsSlowly(
                    SETTLE,
                    () -> "the pod is ready: " + mesh.status(),
                    () -> mesh.status().podsOf("tuned").stream().anyMatch(MeshStatus.Pod::ready));

            JsonNode bootstrap = json("pc", "bootstrap", "tuned-0").path(0);
            assertThat(bootstrap.path("stats_flush_interval").asText()).isEqualTo("2s");
            assertThat(bootstrap.path("static_resources").path("clusters").findValuesAsText("name"))
                    .as("beside those of every sidecar")
                    .contains("own", "xds-grpc");
            assertThat(mesh.flotilla("logs", "tuned-0", "-c", "istio-proxy").out())
                    .contains("[debug][upstream]")
                    .doesNotContain("[debug][main]");
        } finally {
            mesh.delete("deployment", "tuned");
            mesh.delete("configmap", "own-bootstrap");
        }
    }

    @Test
    void anEnvoyHasWhatPilotTellsItUntilItRefusesSomething() throws IOException {
        for (String pod : List.of("productpage-v1-0.default", "istio-ingressgateway-0.istio-system")) {
            awaitMatch(pod);
        }
        // No pod has that address (RFC 5737): the new listener is refused, and what was there stays.
        mesh.apply("""
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: taken, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers: [{bind: 192.0.2.77, port: {number: 8089, name: http, protocol: HTTP}, hosts: ["*"]}]
            """);
        try {
            Command[] last = new Command[1];
            Eventually.holdsSlowly(SETTLE, () -> "a listener is refused: " + last[0], () -> {
                last[0] = mesh.flotilla("proxy-status", "istio-ingressgateway-0.istio-system");
                return last[0].out().contains("rejected LDS")
                        && last[0].out().contains("Clusters Match")
                        && last[0].out().contains("  listener 192.0.2.77_8089: Envoy does not have it");
            });
            assertThat(last[0].exit()).isEqualTo(1);
            assertThat(last[0].out()).contains("Listeners Don't Match");
            JsonNode proxy = new ObjectMapper()
                    .readTree(mesh.flotilla("proxy-status", "istio-ingressgateway-0.istio-system", "-o", "json")
                            .out())
                    .path(0);
            assertThat(proxy.path("differences").findValuesAsText("type")).contains("LDS");
        } finally {
            mesh.delete("gateway", "taken");
        }
        awaitMatch("istio-ingressgateway-0.istio-system");
    }

    private static void awaitMatch(String pod) {
        Command[] last = new Command[1];
        Eventually.holdsSlowly(SETTLE, () -> pod + " has what it is told: " + last[0], () -> {
            last[0] = mesh.flotilla("proxy-status", pod);
            return last[0].exit() == 0;
        });
        assertThat(last[0].out())
                .contains("Clusters Match", "Listeners Match", "Routes Match", "Endpoints Match", "Extensions Match");
    }

    @Test
    void anEnvoyShowsWhatItReallyHas() {
        MeshStatus.Pod pod = mesh.status().pod("productpage-v1");
        assertThat(mesh.flotilla("pc", "cluster", pod.name()).orFail().out()).contains(REVIEWS);
        assertThat(mesh.flotilla("pc", "endpoint", pod.name()).orFail().out()).contains(REVIEWS);
        JsonNode listeners = json("pc", "listener", pod.name());
        assertThat(listeners.findValuesAsText("name")).contains("virtualInbound", "virtualOutbound");
        String secrets =
                mesh.flotilla("pc", "secret", pod.name(), "-o", "json").orFail().out();
        assertThat(secrets).contains("\"default\"").doesNotContain("BEGIN PRIVATE KEY", "BEGIN EC PRIVATE KEY");
    }

    private static JsonNode json(String... command) {
        String[] line = Arrays.copyOf(command, command.length + 2);
        line[command.length] = "-o";
        line[command.length + 1] = "json";
        try {
            return new ObjectMapper().readTree(mesh.flotilla(line).orFail().out());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON", e);
        }
    }

    @Test
    void theDashboardsAddressesAnswer() {
        assertThat(json("dashboard").findValuesAsText("name"))
                .contains("ingress", "productpage", "metrics", "pilot", "galley", "mixer", "citadel");
        // The command gives each page two seconds, which a busy machine may need once.
        JsonNode[] pages = new JsonNode[1];
        Eventually.holdsSlowly(SETTLE, () -> "all pages answer: " + pages[0], () -> {
            pages[0] = json("dashboard");
            return pages[0].valueStream().allMatch(page -> page.path("answers").asBoolean());
        });
        Eventually.answered(
                SETTLE,
                "the product page answers",
                () -> mesh.flotilla("dashboard", "productpage").out(),
                out -> out.contains("/productpage") && out.contains("true"));

        assertThat(mesh.flotilla("dashboard", "envoy", "productpage-v1-0")
                        .orFail()
                        .out())
                .contains("\"state\": \"LIVE\"");
        Command kiali = mesh.flotilla("dashboard", "kiali");
        assertThat(kiali.exit()).isEqualTo(1);
        assertThat(kiali.err()).contains("a local mesh has no kiali: \"flotilla analyze\"");
        assertThat(mesh.flotilla("dashboard", "prometheus").err())
                .containsPattern("scrape http://127\\.0\\.0\\.1:\\d+/metrics");
    }
}
