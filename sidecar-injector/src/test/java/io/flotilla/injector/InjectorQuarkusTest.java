package io.flotilla.injector;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.tls.TrustAnybody;
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
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
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
    private static final Path DIRECTORY = temporaryDirectory();
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
            place("first");
            policy("policy: enabled");
            return Map.of(
                    "flotilla.injector.config-file",
                            DIRECTORY.resolve("config.yaml").toString(),
                    "flotilla.webhook-port", "0",
                    "flotilla.injector.cert-file",
                            DIRECTORY.resolve("chain.pem").toString(),
                    "flotilla.injector.key-file", DIRECTORY.resolve("key.pem").toString());
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
        place("second");
        Instant end = Instant.now().plusSeconds(20);
        while (!shown().equals("CN=second")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        place("first");
        while (!shown().equals("CN=first")) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void policyFileIsReadAgainAndABrokenOneIsNot() throws Exception {
        policy("policy: disabled");
        Instant end = Instant.now().plusSeconds(20);
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
        HttpResponse<String> answer = post("application/json", REVIEW);
        X509Certificate certificate =
                (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private HttpResponse<String> post(String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + injector.port().orElseThrow() + "/inject"))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(TrustAnybody.context()).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static void place(String name) {
        for (String part : new String[] {"chain", "key"}) {
            Path source = Path.of("src/test/resources/certificates", name + "-" + part + ".pem");
            try {
                Files.copy(source, DIRECTORY.resolve(part + ".pem"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Path temporaryDirectory() {
        // Profile and test live in different class loaders; both must mean the same directory.
        String shared = System.getProperty("injector.test.directory");
        try {
            Path directory = shared == null ? Files.createTempDirectory("injector") : Path.of(shared);
            System.setProperty("injector.test.directory", directory.toString());
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
