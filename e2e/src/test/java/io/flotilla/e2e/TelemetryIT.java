package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.load.Answer;
import io.flotilla.e2e.load.Call;
import io.flotilla.e2e.load.HttpConnection;
import io.flotilla.e2e.mesh.Bookinfo;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.e2e.mesh.Mesh;
import io.flotilla.e2e.mesh.MeshStatus;
import io.flotilla.e2e.mesh.RequestTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the mesh says of its traffic is what the client counted. */
@OfMeshes
class TelemetryIT {
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final int REQUESTS = 10_000;
    private static final String HOST = "details.default.svc.cluster.local";

    private static Mesh mesh;
    private static Call details;
    private static Call metrics;

    @BeforeAll
    static void startMesh() {
        mesh = Mesh.bookinfo();
        metrics = Call.get("127.0.0.1", mesh.status().port("mixer-metrics"), "/metrics");
        details = mesh.ingress("/details/0");
    }

    @BeforeEach
    void reset() {
        Bookinfo.reset(mesh);
    }

    @AfterEach
    void closeEdge() {
        mesh.flotilla("delete", "virtualservice", "details-edge");
    }

    /** The gateway calls details: its Envoy reports as source, the sidecar of details as destination. */
    @Test
    void everyRequestIsCountedOncePerReporterOnKafkaAndInTheMetrics() {
        mesh.openEdge("details");
        Map<String, Long> metricsBefore = settledTotals();
        try (RequestTopic topic = RequestTopic.fromNow(mesh.status().port("kafka"), HOST)) {
            List<Answer> answers = Bookinfo.ask(details, REQUESTS);
            assertThat(answers).allMatch(Answer::ok);

            Eventually.holds(SETTLE, () -> "records per reporter: " + topic.perReporter(), () -> {
                topic.poll();
                return topic.perReporter().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        >= 2L * REQUESTS;
            });
            assertThat(topic.perReporter())
                    .isEqualTo(Map.of("source", (long) REQUESTS, "destination", (long) REQUESTS));
            Eventually.holds(SETTLE, () -> "metrics: " + totals() + " after " + metricsBefore, () -> {
                Map<String, Long> now = totals();
                return now.entrySet().stream()
                        .allMatch(
                                entry -> entry.getValue() - metricsBefore.getOrDefault(entry.getKey(), 0L) >= REQUESTS);
            });
            Map<String, Long> after = settledTotals();
            assertThat(after.getOrDefault("source", 0L) - metricsBefore.getOrDefault("source", 0L))
                    .isEqualTo(REQUESTS);
            assertThat(after.getOrDefault("destination", 0L) - metricsBefore.getOrDefault("destination", 0L))
                    .isEqualTo(REQUESTS);
            topic.poll();
            assertThat(topic.perReporter())
                    .as("no record comes twice")
                    .isEqualTo(Map.of("source", (long) REQUESTS, "destination", (long) REQUESTS));
        }
    }

    /** The gateway comes to details with a certificate, so nobody would break; a policy that refuses it would. */
    @Test
    void whatIsRecordedTellsWhoWouldBreak() throws IOException {
        mesh.openEdge("details");
        assertThat(Bookinfo.ask(details, 10)).allMatch(Answer::ok);
        Path policy = Files.writeString(Files.createTempFile("policy", ".yaml"), """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: no-details, namespace: default}
                spec:
                  action: DENY
                  selector: {matchLabels: {app: details}}
                  rules: [{to: [{operation: {paths: ["/details/*"]}}]}]
                """);

        Eventually.answered(
                SETTLE,
                "what is recorded has the calls",
                () -> mesh.flotilla("authz", "replay", "-f", policy.toString(), "--since", "1h", "-o", "json")
                        .out(),
                replay -> replay.contains("\"path\" : \"/details/0\""));
        Command ready = mesh.flotilla("mtls", "readiness", "-n", "default", "--since", "1h");
        // Other tests call other workloads in plaintext; those of bookinfo call each other over mutual TLS.
        boolean somebody = ready.out().contains("would break under STRICT");
        assertThat(ready.exit()).as(ready.out() + ready.err()).isEqualTo(somebody ? 1 : 0);
        assertThat(ready.out())
                .containsPattern("[1-9][0-9]* of them with mutual TLS|nobody came in plaintext")
                .doesNotContain("default/details", "default/reviews", "default/ratings", "default/productpage");
        assertThat(mesh.flotilla("mtls", "readiness", "-n", "nowhere").exit()).isEqualTo(2);
        Files.delete(policy);
    }

    /** Once: that Galley ends, and reads it all again, is no change of anybody's. */
    @Test
    void whoChangedWhatAndWhenIsOnRecord() {
        mesh.openEdge("details");
        awaitAudit("VirtualService default/details-edge", "config.created");
        String before = audit("Gateway default/bookinfo-gateway");
        MeshStatus then = mesh.status();
        long killed = then.component("galley").pid();
        assertThat(ProcessHandle.of(killed).map(ProcessHandle::destroyForcibly)).contains(true);
        Eventually.holds(SETTLE, () -> "galley is back: " + mesh.status(), () -> {
            MeshStatus now = mesh.written(then);
            return now.isReady() && now.component("galley").pid() != killed;
        });

        mesh.closeEdge("details");

        awaitAudit("VirtualService default/details-edge", "config.deleted");
        assertThat(audit("Gateway default/bookinfo-gateway")).isEqualTo(before);
        assertThat(mesh.flotilla("audit", "--actor", "nobody at all").exit()).isEqualTo(1);
    }

    private static void awaitAudit(String object, String action) {
        Eventually.answered(SETTLE, action + " " + object, () -> audit(object), events -> events.contains(action));
    }

    private static String audit(String object) {
        return mesh.flotilla("audit", "--object", object).out();
    }

    @Test
    void labelsNameBothSides() {
        mesh.awaitAnswer(mesh.ingress("/productpage"), SETTLE, Answer::ok);

        Eventually.holds(
                SETTLE,
                () -> "labels of productpage to reviews",
                () -> metricLines()
                        .lines()
                        .filter(line -> line.startsWith("istio_requests_total{"))
                        .filter(line -> line.contains("reporter=\"destination\""))
                        .filter(line -> line.contains("source_workload=\"productpage-v1\""))
                        .filter(line -> line.contains(
                                "source_principal=\"spiffe://cluster.local/ns/default/sa/bookinfo-productpage\""))
                        .filter(line -> line.contains("source_cluster=\"Kubernetes\""))
                        .filter(line -> line.contains("destination_cluster=\"Kubernetes\""))
                        .filter(line -> line.contains("destination_workload=\"reviews-v"))
                        .filter(line -> line.contains("destination_service=\"reviews.default.svc.cluster.local\""))
                        .anyMatch(line -> line.contains("connection_security_policy=\"mutual_tls\"")));
    }

    /** Totals that have been the same for seconds: what was still on its way, through a busy machine too, has arrived. */
    private static Map<String, Long> settledTotals() {
        int[] same = {0};
        List<Map<String, Long>> last = new java.util.ArrayList<>(List.of(Map.of()));
        Eventually.holds(SETTLE, () -> "totals come to rest", () -> {
            Map<String, Long> now = totals();
            same[0] = now.equals(last.getFirst()) ? same[0] + 1 : 0;
            last.set(0, now);
            return same[0] >= 100;
        });
        return last.getFirst();
    }

    private static Map<String, Long> totals() {
        Pattern reporter = Pattern.compile("reporter=\"(\\w+)\"");
        Map<String, Long> totals = new java.util.TreeMap<>(Map.of("source", 0L, "destination", 0L));
        metricLines()
                .lines()
                .filter(line -> line.startsWith("istio_requests_total{"))
                .filter(line -> line.contains("destination_service=\"" + HOST + "\""))
                .forEach(line -> {
                    Matcher found = reporter.matcher(line);
                    if (found.find()) {
                        totals.merge(found.group(1), (long) Double.parseDouble(valueOf(line)), Long::sum);
                    }
                });
        return totals;
    }

    private static String valueOf(String line) {
        return line.substring(line.lastIndexOf('}') + 1).trim();
    }

    private static String metricLines() {
        return HttpConnection.once(metrics).body();
    }
}
