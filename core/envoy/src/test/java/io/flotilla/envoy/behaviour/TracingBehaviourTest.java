package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces: behaviour/telemetry.yaml, and meshes of their own. */
class TracingBehaviourTest {
    // Envoy's tracers send what they have after so many spans, or after five seconds.
    private static final int SPANS = 6;

    private static Workbench bench;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        MeshSnapshot mesh = MeshFiles.of(Files.readString(Path.of("src/test/resources/behaviour/telemetry.yaml"))
                .replace("FOLDER", folder.toString()));
        bench = Workbench.start(mesh, Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    @Test
    void zipkinIsToldOfSpansWithTheirTags() throws Exception {
        Reply first = bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        for (int i = 1; i < SPANS; i++) {
            bench.checked(bench.get("web.test", 80, "/x").with("x-user", "ann"));
        }
        String trace = first.seenHeaders().getOrDefault("x-b3-traceid", "none");
        App collector = bench.apps().one("10.80.0.1:9411");
        String told = Waiting.until(() -> Collector.told(collector), text -> text.contains(trace));
        assertThat(told)
                .contains(trace, "\"shop\":\"books\"", "\"user\":\"ann\"", "\"pod\":\"client\"", "\"kind\":\"CLIENT\"")
                .contains("\"called\":\"web.test\"")
                .contains(
                        "\"istio.canonical_service\":\"client\"",
                        "\"istio.namespace\":\"default\"",
                        "\"istio.mesh_id\":\"unknown\"")
                .as("what the node does not say")
                .doesNotContain("istio.canonical_revision");
        assertThat(collector.requests().getFirst().line()).startsWith("POST /api/v2/spans ");
    }

    @Test
    void openTelemetryIsToldOfSpansWithTheirTags() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Server collector = Collector.of("opentelemetry.proto.collector.trace.v1.TraceService", told);
        try (Workbench other = bench.beside(Proxies.sidecar("other", "v1"))) {
            other.apps().one("10.80.0.2:4317").http2(collector.getPort());
            for (int i = 0; i < SPANS; i++) {
                other.checked(other.get("web.test", 80, "/otel").with("x-user", "bob"));
            }
            String all = Waiting.until(() -> String.join("", told), text -> text.contains("bob"));
            assertThat(all)
                    .contains("user", "bob", "/otel")
                    .containsPattern("service\\.name\\W+other\\b")
                    .containsPattern("service\\.namespace\\W+default\\b");
        } finally {
            collector.shutdownNow();
        }
    }

    @Test
    void datadogIsToldOfSpansWhereTheMeshNamesItsAgent() throws Exception {
        MeshSnapshot traced = traced(
                "defaultConfig: {tracing: {sampling: 100, datadog: {address: 'agent.test:8126'}}}", "agent", 8126);
        try (Workbench dog = Workbench.start(traced, Proxies.sidecar("client", "v1"))) {
            Reply reply = dog.checked(dog.get("web.test", 80, "/dog"));
            assertThat(reply.seenHeaders()).containsKey("x-datadog-trace-id");
            App agent = dog.apps().one("10.82.0.1:8126");
            assertThat(Waiting.until(() -> Collector.told(agent), text -> text.contains("/dog")))
                    .contains("/dog", "envoy");
            assertThat(agent.requests()).anyMatch(request -> request.line().matches("POST /v0\\.\\d+/traces .*"));
        }
    }

    @Test
    void lightstepIsToldOfSpansByOpenTelemetryAndWhose() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> tokens = new CopyOnWriteArrayList<>();
        Server collector = Collector.of("opentelemetry.proto.collector.trace.v1.TraceService", told, tokens);
        String sent =
                "defaultConfig: {tracing: {sampling: 100, lightstep: {address: 'light.test:4317', accessToken: mine}}}";
        try (Workbench light = Workbench.start(
                        traced("enableTracing: true, " + sent, "light", 4317), Proxies.sidecar("client", "v1"));
                Workbench off = Workbench.start(
                        traced("enableTracing: false, " + sent, "light", 4317), Proxies.sidecar("client", "v1"))) {
            light.apps().one("10.82.0.1:4317").http2(collector.getPort());
            assertThat(light.checked(light.get("web.test", 80, "/light")).seenHeaders())
                    .containsKey("traceparent");
            assertThat(Waiting.until(() -> String.join("", told), text -> text.contains("/light")))
                    .contains("/light");
            assertThat(tokens).contains("mine");
            assertThat(off.checked(off.get("web.test", 80, "/light")).seenHeaders())
                    .doesNotContainKey("traceparent");
        } finally {
            collector.shutdownNow();
        }
    }

    /** A mesh with web.test, and a collector at 10.82.0.1 (port 4317 speaks gRPC). */
    private static MeshSnapshot traced(String meshConfig, String collector, int port) {
        String protocol = port == 4317 ? "grpc" : "http";
        return MeshFiles.of("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "{%s}"}
                ---
                """.formatted(meshConfig)
                + host(collector, port, protocol, "10.82.0.1")
                + host("web", 80, "http", "10.82.0.2"));
    }

    private static String host(String name, int port, String protocol, String address) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s, namespace: default}
                spec:
                  hosts: [%1$s.test]
                  resolution: STATIC
                  ports: [{number: %2$d, name: %3$s, protocol: %3$s}]
                  endpoints: [{address: %4$s}]
                ---
                """.formatted(name, port, protocol, address);
    }

    @Test
    void nothingIsTracedWhereNothingIsSampled() throws Exception {
        try (Workbench quiet = bench.beside(Proxies.sidecar("quiet", "v1"))) {
            for (int i = 0; i < SPANS; i++) {
                Reply reply = quiet.checked(quiet.get("web.test", 80, "/quiet"));
                assertThat(reply.seenHeaders()).containsEntry("x-b3-sampled", "0");
            }
            assertThat(quiet.stat("tracing.zipkin.spans_sent")).isZero();
        }
    }

    @Test
    void aShareOfRequestsIsTraced() throws Exception {
        try (Workbench partly = bench.beside(Proxies.sidecar("partly", "v1"))) {
            App collector = partly.apps().one("10.80.0.1:9411");
            int traced = 0;
            for (int i = 0; i < 200; i++) {
                Reply reply = partly.checked(partly.get("web.test", 80, "/partly"));
                traced += "1".equals(reply.seenHeaders().get("x-b3-sampled")) ? 1 : 0;
            }
            // Of 200 at 30 percent, fewer than 29 or more than 93 come less than once in a million runs.
            assertThat(traced).isBetween(29, 93);
            int expected = traced;
            // Envoy sends five at a time, and the rest after five seconds.
            assertThat(Waiting.until(() -> spans(collector), count -> count > expected - 5))
                    .isBetween(expected - 4, expected);
        }
    }

    private static int spans(App collector) {
        return Collector.told(collector).split("\"kind\":\"CLIENT\"", -1).length - 1;
    }

    @Test
    void spansAreNotReportedWhereATelemetryForbidsIt() throws Exception {
        try (Workbench silent = bench.beside(Proxies.sidecar("silent", "v1"))) {
            Reply reply = silent.checked(silent.get("web.test", 80, "/silent"));
            assertThat(reply.seenHeaders()).doesNotContainKey("x-b3-traceid");
            assertThat(silent.admin("/stats?filter=tracing")).doesNotContain("spans_sent");
        }
    }
}
