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
    private static final Duration ROTATION = Duration.ofMinutes(2);

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
        SteadyLoad load = SteadyLoad.start(200, () -> reviews);
        for (int edit = 1; edit <= 50; edit++) {
            editor.accept(split(edit % 2 == 0 ? 30 : 70));
            int due = 40 * edit;
            Eventually.holds(SETTLE, () -> due + " answers", () -> load.answered() >= due);
        }
        List<Answer> answers = load.stop();
        mesh.closeEdge("reviews");

        assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
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
                SETTLE,
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
        String before = root();
        SteadyLoad load = SteadyLoad.start(40, () -> details);
        mesh.flotilla("ca", "rotate").orFail();
        awaitPhase("switched");
        awaitPhase("steady");
        int then = load.answered();
        Eventually.holds(SETTLE, () -> "answers after the old root is dropped", () -> load.answered() > then + 100);
        List<Answer> answers = load.stop();
        mesh.closeEdge("details");

        assertThat(answers).filteredOn(answer -> !answer.ok()).isEmpty();
        assertThat(root()).isNotEqualTo(before);
    }

    private static String root() {
        return mesh.flotilla("ca", "status")
                .orFail()
                .out()
                .lines()
                .filter(line -> line.endsWith("true"))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitPhase(String phase) {
        String[] last = new String[1];
        Eventually.holdsSlowly(ROTATION, () -> "the rotation is " + phase + ", not " + last[0], () -> {
            last[0] = mesh.flotilla("ca", "status").out();
            return last[0].contains("rotation: " + phase);
        });
    }

    private static void awaitEgress(String code) {
        String address = mesh.status().pod("istio-egressgateway").ip();
        String[] last = new String[1];
        Eventually.holdsSlowly(SETTLE, () -> "the egress gateway answers " + code + ", not " + last[0], () -> {
            last[0] = mesh.callFrom(EGRESS, "http", address, "8080", "/", "Host:returning.example.com");
            return last[0].startsWith(code + "\n");
        });
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
