package io.flotilla.injector;

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

/** The whole service: HTTPS, answers, a certificate that is replaced, health and metrics. */
@QuarkusTest
@TestProfile(InjectorQuarkusTest.WithCertificateFiles.class)
@SuppressWarnings("NullAway.Init") // Quarkus fills the fields in
class InjectorQuarkusTest {
    private static final PemFolder PEM = PemFolder.named("injector");
    private static final Path DIRECTORY = PEM.folder();
    private static final String REVIEW = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u", "namespace": "n",
             "operation": "CREATE", "object": {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a"}]}}}}
            """;

    @Inject
    InjectorLifecycle injector;

    @TestHTTPResource("/metrics")
    URI metrics;

    @TestHTTPResource("/health/ready")
    URI ready;

    public static class WithCertificateFiles implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            PEM.place("first");
            policy("policy: enabled");
            return Map.of(
                    "flotilla.injector.config-file",
                            DIRECTORY.resolve("config.yaml").toString(),
                    "flotilla.webhook-port", "0",
                    "flotilla.injector.cert-file", PEM.chain(),
                    "flotilla.injector.key-file", PEM.key());
        }
    }

    @Test
    void reviewsAreAnsweredAndCounted() throws Exception {
        HttpResponse<String> answer = post("application/json", REVIEW);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"allowed\":true", "\"patch\":\"");
        assertThat(get(metrics)).contains("sidecar_injection_success_total", "sidecar_injection_time_seconds_bucket");
        assertThat(get(ready)).contains("\"UP\"");
    }

    @Test
    void whatIsNoReviewIsRefusedWithTheReason() throws Exception {
        assertThat(post("text/plain", REVIEW).statusCode()).isEqualTo(415);
        assertThat(post("application/json", "[]").statusCode()).isEqualTo(400);
        HttpResponse<String> empty = post("application/json", "{}");
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.body()).contains("no AdmissionReview");
        assertThat(post("application/json", " ".repeat(4 * 1024 * 1024)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void replacedCertificateIsShownWithoutRestart() throws Exception {
        PEM.place("second");
        Instant end = Instant.now().plusSeconds(60);
        while (!shown().equals("CN=second")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        PEM.place("first");
        while (!shown().equals("CN=first")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void policyFileIsReadAgainAndABrokenOneIsNot() throws Exception {
        policy("policy: disabled");
        Instant end = Instant.now().plusSeconds(60);
        while (post("application/json", REVIEW).body().contains("\"patch\"")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        policy("policy: perhaps");
        injector.followPolicy();
        assertThat(post("application/json", REVIEW).body()).doesNotContain("\"patch\"");
        policy("policy: enabled");
        injector.followPolicy();
        assertThat(post("application/json", REVIEW).body()).contains("\"patch\"");
    }

    private static void policy(String text) {
        try {
            Files.writeString(DIRECTORY.resolve("config.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String shown() throws Exception {
        return HttpsPosts.shown(post("application/json", REVIEW));
    }

    private HttpResponse<String> post(String type, String body) throws Exception {
        return new HttpsPosts(injector.port().orElseThrow()).post("/inject", type, body);
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
