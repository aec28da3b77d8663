package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.fixtures.identity.SigningCitadel;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With an identity only meshed peers report, and only what is theirs to report. */
@QuarkusTest
@QuarkusTestResource(value = MeshResource.class, restrictToAnnotatedClass = true)
class MutualTlsQuarkusTest {
    private static final String MIXER = "istio-telemetry.istio-system.svc";
    private static final SpiffeId PRODUCTPAGE = SpiffeId.of("cluster.local", "default", "bookinfo-productpage");
    private static final SpiffeId RATINGS = SpiffeId.of("cluster.local", "default", "bookinfo-ratings");
    private static final SpiffeId STRANGER = SpiffeId.of("elsewhere.local", "default", "bookinfo-productpage");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static SigningCitadel citadel;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestGalley galley;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // set by Quarkus
    URI management;

    @Inject
    Endpoints endpoints;

    @BeforeAll
    static void startMesh() throws IOException {
        Config config = ConfigProvider.getConfig();
        citadel =
                SigningCitadel.asSet(name -> config.getValue(name, String.class), "istio-mixer-service-account", MIXER);
        galley = new TestGalley(
                URI.create(config.getValue("flotilla.config", String.class)).getPort());
    }

    @AfterAll
    static void stopMesh() {
        galley.close();
        citadel.close();
    }

    private void awaitReady() {
        Eventually.get(() -> Scrape.get(management.getPort(), "/health/ready").statusCode(), status -> status == 200);
    }

    private EnvoyLog log(ManagedChannel channel) {
        awaitReady();
        // Ready without the registry, Mixer holds records back for it, but not longer than a few seconds.
        Eventually.get(() -> Scrape.get(management.getPort(), "/health/ready").body(), MutualTlsQuarkusTest::isSynced);
        return new EnvoyLog(channel, "productpage-0", "flotilla.outbound", "reviews");
    }

    private static boolean isSynced(String health) {
        return new JsonObject(health)
                .getJsonArray("checks").stream()
                        .map(JsonObject.class::cast)
                        .map(check -> check.getJsonObject("data"))
                        .anyMatch(data -> data != null && "synced".equals(data.getString("registry")));
    }

    private ManagedChannel as(SpiffeId id) {
        return as(citadel.identity(id, List.of()));
    }

    private ManagedChannel as(CurrentIdentity identity) {
        return GrpcChannels.tls(new HostPort("127.0.0.1", endpoints.telemetryPort()), MIXER, MeshTls.client(identity))
                .build();
    }

    private static void isRefusedWith(Status.Code code, EnvoyLog log) {
        assertThat(log.ended())
                .succeedsWithin(Eventually.PATIENCE)
                .extracting(Status::getCode)
                .isEqualTo(code);
    }

    @Test
    void aProxyReportsForItsOwnPodAndTheRegistryNamesBothSides() {
        try (EnvoyLog log = log(as(PRODUCTPAGE))) {
            log.requestsTo("10.44.0.2", 5);
            String counted = Eventually.get(
                    () -> Scrape.get(endpoints.metricsPort(), "/metrics").body(),
                    text -> Scrape.sum(text, "istio_requests_total", "reporter=\"source\"") == 5);
            assertThat(counted.lines().filter(line -> line.startsWith("istio_requests_total{")))
                    .singleElement()
                    .asString()
                    .contains(
                            "source_workload=\"productpage-v1\"",
                            "source_version=\"v1\"",
                            "destination_workload=\"reviews-v1\"",
                            "destination_workload_namespace=\"default\"",
                            "destination_service_namespace=\"default\"");
        }
    }

    @Test
    void proxiesAreAskedWhatTheyDropped() throws IOException {
        int port = ConfigProvider.getConfig().getValue("flotilla.mixer.proxy-stats-port", Integer.class);
        HttpServer stats = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        stats.createContext("/stats/prometheus", exchange -> {
            byte[] text = "envoy_access_logs_grpc_access_log_logs_dropped{} 7\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        stats.start();
        try (EnvoyLog log = log(as(PRODUCTPAGE))) {
            JsonObject proxies = Eventually.get(
                    () -> new JsonObject(Scrape.get(management.getPort(), "/debug/ledger")
                                    .body())
                            .getJsonObject("proxies"),
                    totals -> totals.getLong("dropped") > 0);
            assertThat(proxies.getLong("dropped")).isEqualTo(7);
            assertThat(log.ended()).isNotDone();
        } finally {
            stats.stop(0);
        }
    }

    @Test
    void aProxyCannotReportForAnother() {
        try (EnvoyLog log = log(as(RATINGS))) {
            isRefusedWith(Status.Code.PERMISSION_DENIED, log);
        }
    }

    @Test
    void aPeerOfAnotherTrustDomainIsRefused() {
        try (EnvoyLog log = log(as(STRANGER))) {
            isRefusedWith(Status.Code.PERMISSION_DENIED, log);
        }
    }

    @Test
    void aProxyWhoseCertificateIsRevokedIsCutOff() throws Exception {
        CurrentIdentity revoked = citadel.identity(PRODUCTPAGE, List.of());
        try (EnvoyLog open = log(as(revoked));
                EnvoyLog other = log(as(PRODUCTPAGE))) {
            assertThat(post(revoked, "[]")).isEqualTo(202);
            galley.revoke(List.of(Revocation.newBuilder()
                    .setCertificate(Revocation.Certificate.newBuilder()
                            .setSerial(Certificates.serialOf(revoked.required().leaf())))
                    .build()));
            isRefusedWith(Status.Code.PERMISSION_DENIED, open);
            assertThat(post(revoked, "[]")).isEqualTo(403);
            try (EnvoyLog again = log(as(revoked))) {
                isRefusedWith(Status.Code.PERMISSION_DENIED, again);
            }
            assertThat(other.ended())
                    .as("the same identity by another certificate")
                    .isNotDone();
        } finally {
            galley.revoke(List.of());
        }
    }

    @Test
    void plaintextIsRefused() {
        try (EnvoyLog log = log(GrpcChannels.plaintext(new HostPort("127.0.0.1", endpoints.telemetryPort()))
                .build())) {
            isRefusedWith(Status.Code.UNAVAILABLE, log);
        }
    }

    @Test
    void spansComeFromMeshedPeersOnly() throws Exception {
        awaitReady();
        String span = "[{\"traceId\":\"463ac35c9f6413ad\",\"id\":\"00000000000000a1\"}]";

        assertThat(post(citadel.identity(PRODUCTPAGE, List.of()), span)).isEqualTo(202);
        assertThat(post(citadel.identity(STRANGER, List.of()), span)).isEqualTo(403);
        assertThatThrownBy(() -> post(null, span)).isInstanceOf(IOException.class);
    }

    private int post(@Nullable CurrentIdentity client, String body) throws IOException, GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(
                client == null ? new KeyManager[0] : new KeyManager[] {MeshTls.keyManager(client)},
                new TrustManager[] {
                    MeshTls.trust(
                            citadel.identity(PRODUCTPAGE, List.of()).required().roots())
                },
                null);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = tls.getSocketFactory().createSocket("127.0.0.1", endpoints.zipkinPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v2/spans HTTP/1.1\r\nHost: mixer\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(bytes);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }
}
