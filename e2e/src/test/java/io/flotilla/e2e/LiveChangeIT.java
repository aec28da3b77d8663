package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.SteadyLoad;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configuration changes while requests are on their way. */
@OfMeshes
class LiveChangeIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration ROTATION = Duration.ofMinutes(4);
    /** An Envoy drains for 45 s. */
    private static final Duration DRAINED = Duration.ofMinutes(3);

    private static final String EGRESS = "istio-egressgateway-0.istio-system";

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
    void changesUnderTrafficFailNoRequest() {
        mesh.openEdge("reviews");
        Call reviews = mesh.ingress("/reviews/0");
        Consumer<String> editor = mesh.editor("virtualservice.networking.istio.io.reviews-edge.yaml");
        try (SteadyLoad load = SteadyLoad.start(200, () -> reviews)) {
            for (int edit = 1; edit <= 50; edit++) {
                editor.accept(split(edit % 2 == 0 ? 30 : 70));
                int due = 40 * edit;
                Eventually.holds(SETTLE, () -> due + " answers", () -> load.answered() >= due);
            }
            List<Answer> answers = load.stop();
            mesh.closeEdge("reviews");

            assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
        }
    }

    /** Envoy says nothing when it misses the hosts of a route configuration that it held before. */
    @Test
    void gatewayThatReturnsServesAtOnce() {
        String manifest = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: returning, namespace: default}
            spec:
              selector: {istio: egressgateway}
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: [returning.example.com]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: returning, namespace: default}
            spec:
              hosts: [returning.example.com]
              gateways: [returning]
              http:
              - redirect: {uri: /elsewhere}
            """;
        Consumer<String> editor = mesh.editor("gateway.networking.istio.io.returning.yaml");
        editor.accept(manifest);
        awaitEgress("301");
        editor.accept("");
        awaitEgress("0");
        // Envoy lets go of the route configuration when the listener has drained; before that it would still have all.
        Eventually.holdsSlowly(
                DRAINED,
                () -> "the egress gateway forgets its routes",
                () -> !mesh.flotilla("pc", "routes", EGRESS, "-o", "json").out().contains("\"http.80\""));
        editor.accept(manifest);
        awaitEgress("301");
        editor.accept("");
    }

    /** Each request makes a connection of its own between the proxies, so that each shakes hands. */
    @Test
    void aNewRootFailsNoHandshake() {
        mesh.openEdge("details");
        mesh.apply("""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: details, namespace: default}
            spec:
              host: details
              trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 1}}}
            """);
        Call details = mesh.ingress("/details/0");
        String before = root(mesh.flotilla("ca", "status").orFail().out());
        assertThat(before).isNotEmpty();
        try (SteadyLoad load = SteadyLoad.start(40, () -> details)) {
            mesh.flotilla("ca", "rotate").orFail();
            awaitNewRoot(before);
            int then = load.answered();
            Eventually.holds(SETTLE, () -> "answers after the old root is dropped", () -> load.answered() > then + 100);
            List<Answer> answers = load.stop();
            mesh.closeEdge("details");

            assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
        }
    }

    private static String root(String status) {
        return status.lines().filter(line -> line.endsWith("true")).findFirst().orElse("");
    }

    // A phase between lasts for seconds, which a busy machine may need for a command.
    private static void awaitNewRoot(String before) {
        Eventually.answered(
                ROTATION,
                "another root signs, and it alone is believed",
                () -> mesh.flotilla("ca", "status").out(),
                status -> status.contains("rotation: steady")
                        && !root(status).isEmpty()
                        && !root(status).equals(before));
    }

    private static void awaitEgress(String code) {
        String address = mesh.status().pod("istio-egressgateway").ip();
        Eventually.answered(
                SETTLE,
                "the egress gateway answers " + code,
                () -> mesh.callFrom(EGRESS, "http", address, "8080", "/", "Host:returning.example.com"),
                answer -> answer.startsWith(code + "\n"));
    }

    private static String split(int weight) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews-edge, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [bookinfo-gateway]
              http:
              - match: [{uri: {prefix: /reviews}}]
                route:
                - {destination: {host: reviews, subset: v1}, weight: %d}
                - {destination: {host: reviews, subset: v3}, weight: %d}
            """.formatted(weight, 100 - weight);
    }
}
