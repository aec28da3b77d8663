package io.flotilla.galley.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.tls.HttpsPosts;
import io.flotilla.fixtures.tls.PemFolder;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The webhook in the service: HTTPS, answers in both versions, limits, a certificate that is replaced, metrics. */
@QuarkusTest
@TestProfile(GalleyWebhookQuarkusTest.WithCertificateFiles.class)
@SuppressWarnings("NullAway.Init") // Quarkus fills the fields in
class GalleyWebhookQuarkusTest {
    /** For which an API server waits at most. */
    private static final Duration LONGEST_WEBHOOK = Duration.ofSeconds(30);

    private static final PemFolder PEM = PemFolder.named("webhook");
    private static final Path DIRECTORY = PEM.folder();
    private static final String GOOD = """
            {"apiVersion": "networking.istio.io/v1beta1", "kind": "VirtualService",
             "metadata": {"name": "reviews", "namespace": "shop"},
             "spec": {"hosts": ["reviews"], "http": [{"route": [{"destination": {"host": "reviews"}}]}]}}
            """;

    @Inject
    WebhookLifecycle webhook;

    @TestHTTPResource("/metrics")
    URI metrics;

    public static class WithCertificateFiles implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            PEM.place("first");
            return Map.of(
                    "flotilla.config-dir",
                    config().toString(),
                    "flotilla.port",
                    "-1",
                    "flotilla.ownership.mode",
                    "ENFORCE",
                    "flotilla.webhook-port",
                    "-1",
                    "flotilla.webhook.cert-file",
                    PEM.chain(),
                    "flotilla.webhook.key-file",
                    PEM.key());
        }
    }

    @ParameterizedTest
    @CsvSource({"v1, /validate", "v1, /admitpilot", "v1beta1, /validate", "v1beta1, /admitmixer"})
    void badObjectIsRefusedInTheVersionOfTheQuestion(String version, String path) throws Exception {
        HttpResponse<String> answer = post(path, review(version, GOOD.replace("[\"reviews\"]", "[\"-\"]")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"admission.k8s.io/" + version + "\"", "\"uid\":\"u7\"", "\"allowed\":false")
                .contains("VirtualService shop/reviews: spec.hosts[0]: ");
        assertThat(post(path, review(version, GOOD)).body()).contains("\"allowed\":true");
    }

    @Test
    void whatIsNoReviewIsRefusedWithTheReasonAndCounted() throws Exception {
        assertThat(post("/validate", "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(post("/validate", "").statusCode()).isEqualTo(400);
        assertThat(post("/validate", "[1").body()).contains("no JSON object").doesNotContain("\\tat ", "Exception");
        assertThat(post("/validate", "{\"a\":".repeat(5000)).statusCode()).isEqualTo(400);
        assertThat(post("/inject", "{}").statusCode()).isEqualTo(404);
        assertThat(post("/validate", " ".repeat(9 * 1024 * 1024)).statusCode()).isEqualTo(413);
        assertThat(get(metrics)).contains("galley_validation_http_error{status=\"413\"}");
    }

    @Test
    void verdictsAreCountedUnderTheClassicNames() throws Exception {
        post("/validate", review("v1", GOOD));
        post("/validate", review("v1", GOOD.replace("\"hosts\"", "\"host\"")));
        assertThat(get(metrics))
                .contains("galley_validation_passed{group=\"networking.istio.io\",resource=\"virtualservices\"")
                .containsPattern("galley_validation_failed\\{.*reason=\"crd_conversion_error\"");
    }

    @Test
    void hugeObjectIsAnsweredInTime() throws Exception {
        String hosts = "\"h\",".repeat(300_000) + "\"reviews\"";
        long begin = System.nanoTime();
        HttpResponse<String> answer = post("/validate", review("v1", GOOD.replace("\"reviews\"]", hosts + "]")));
        assertThat(answer.statusCode()).isIn(200, 503);
        assertThat(answer.body()).doesNotContain("\"allowed\":true");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST_WEBHOOK);
    }

    @Test
    void replacedCertificateIsShownWithoutRestart() throws Exception {
        PEM.place("second");
        Instant end = Instant.now().plusSeconds(60);
        while (!shown().equals("CN=second")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        assertThat(get(metrics)).containsPattern("galley_validation_cert_key_updates [1-9]");
    }

    @Test
    void hostOfAnotherNamespaceIsRefused() throws Exception {
        Files.writeString(DIRECTORY.resolve("config/ns.yaml"), """
                {apiVersion: v1, kind: Namespace,
                 metadata: {name: bank, annotations: {flotilla.io/owned-hosts: "*.bank.example.com"}}}
                """);
        String captor = review("v1", GOOD.replace("[\"reviews\"]", "[\"pay.bank.example.com\"]"));
        Instant end = Instant.now().plusSeconds(60);
        String answer = post("/validate", captor).body();
        while (answer.contains("\"allowed\":true")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            answer = post("/validate", captor).body();
        }
        assertThat(answer).contains("*.bank.example.com", "of namespace bank", "FL0691");
        assertThat(post("/validate", captor.replace("\"shop\"", "\"bank\"")).body())
                .contains("\"allowed\":true");
    }

    @Test
    void whatIsMissingAmongOtherObjectsIsAWarningAndNoRefusal() throws Exception {
        String object = GOOD.replace("[\"reviews\"],", "[\"reviews\"], \"gateways\": [\"absent-gate\"],");
        Instant end = Instant.now().plusSeconds(60);
        String answer = post("/validate", review("v1", object)).body();
        while (!answer.contains("absent-gate")) {
            assertThat(answer).contains("\"allowed\":true");
            assertThat(Instant.now()).isBefore(end);
            answer = post("/validate", review("v1", object)).body();
        }
        assertThat(answer).contains("\"allowed\":true", "\"warnings\":[", "spec.gateways[0]: ", "(FA0103)");
    }

    private static String review(String version, String object) {
        return """
                {"apiVersion": "admission.k8s.io/%s", "kind": "AdmissionReview", "request": {"uid": "u7",
                 "resource": {"group": "networking.istio.io", "version": "v1beta1", "resource": "virtualservices"},
                 "namespace": "shop", "operation": "CREATE", "dryRun": true, "object": %s}}
                """.formatted(version, object);
    }

    private String shown() throws Exception {
        return HttpsPosts.shown(post("/validate", review("v1", GOOD)));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return post(path, "application/json", body);
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return new HttpsPosts(webhook.port().orElseThrow()).post(path, type, body);
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static Path config() {
        try {
            return Files.createDirectories(DIRECTORY.resolve("config"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
