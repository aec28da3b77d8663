package io.flotilla.citadel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import io.flotilla.service.IdentityMaterial;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.ServiceIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real Envoy gets its identity from Citadel with a token file and nothing else, and keeps it fresh. */
@QuarkusTest
@TestProfile(EnvoyQuarkusTest.ShortLives.class)
class EnvoyQuarkusTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTokenIssuer ISSUER = LocalTokenIssuer.create(RANDOM);
    private static final ServiceAccount REVIEWS = new ServiceAccount("default", "bookinfo-reviews");
    private static final ServiceAccount PILOT = new ServiceAccount("istio-system", "istio-pilot-service-account");
    private static final String REVIEWS_URI = "spiffe://cluster.local/ns/default/sa/bookinfo-reviews";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LIFE = Duration.ofSeconds(48);
    /** Ends before any certificate is renewed, which is at 45 hundredths of a life, and after a busy machine has begun. */
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(16);
    /** A service has one connection to Citadel, an Envoy one for each of its threads and one of its own. */
    private static final int MOST_CONNECTIONS = 4;

    public static class ShortLives implements QuarkusTestProfile {
        private static final CitadelFiles FILES = CitadelFiles.believing(ISSUER);

        @Override
        public Map<String, String> getConfigOverrides() {
            return FILES.settings(Map.of("flotilla.certificate-lifetime", LIFE.toSeconds() + "s"));
        }
    }

    @Inject
    CitadelServer citadel;

    @Inject
    MeterRegistry metrics;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "pod");
    }

    @Test
    void aConnectionLivesThroughTheEndOfItsCertificateAndOfTheTokenAndTheNextHasANewOne() throws Exception {
        write("token", token(PILOT, Duration.ofMinutes(10)));
        write("token.yaml", tokenSecret());
        try (SerialServer server = new SerialServer(pilotOnce());
                RealEnvoy envoy = startWithToken(TOKEN_LIFE, server.port())) {
            envoy.awaitAdmin("/ready", ready -> ready.startsWith("LIVE"));
            double issued = issuedCount();
            try (Line open = new Line(envoy.port())) {
                String first = open.ask();
                assertThat(first).startsWith(REVIEWS_URI + " ");
                Instant end = Instant.now().plus(LIFE);

                write("tokens/istio-token", token(REVIEWS, Duration.ofMinutes(10)));
                // Two streams, one per secret; they end with the first token, and come back with the second.
                envoy.awaitCounter("cluster.citadel.upstream_rq_total", 4);
                assertThat(issuedCount())
                        .as("certificates, after the streams came back")
                        .isEqualTo(issued);

                // The first certificate's renewal, on a stream that did not issue it.
                envoy.awaitCounter("cluster.server.client_ssl_socket_factory.ssl_context_update_by_sds", 3);
                String second = askAnew(envoy);
                assertThat(second).startsWith(REVIEWS_URI + " ").isNotEqualTo(first);

                while (Instant.now().isBefore(end)) {
                    assertThat(open.ask()).isEqualTo(first);
                    LockSupport.parkNanos(100_000_000);
                }
                assertThat(open.ask()).as("past the first certificate's end").isEqualTo(first);
            }
        }
    }

    @Test
    void whileCitadelIsAwayHandshakesGoOnUntilTheCertificateEndsAndItsReturnIsNoStorm() throws Exception {
        write("token", token(PILOT, Duration.ofMinutes(10)));
        write("tokens/istio-token", token(REVIEWS, Duration.ofMinutes(10)));
        write("token.yaml", tokenSecret());
        Instant begin = Instant.now();
        try (Relay relay = new Relay(citadel.port());
                ServiceIdentity pilot = identity(relay.port());
                SerialServer server = new SerialServer(await(pilot), pilot);
                RealEnvoy envoy = RealEnvoy.start(folder, bootstrap(relay.port(), server.port()))) {
            envoy.awaitAdmin("/ready", ready -> ready.startsWith("LIVE"));
            relay.cut();
            double issued = issuedCount();
            // The one that it has from now on, however long it took to get here.
            try (Line open = new Line(envoy.port())) {
                String first = open.ask();
                assertThat(awaitOther(envoy, first))
                        .as("a handshake past its end")
                        .isEqualTo("closed");
                // The first of the two certificates was issued after that; an end is told in whole seconds.
                assertThat(Instant.now()).isAfter(begin.plus(LIFE).minusSeconds(1));
                assertThat(issuedCount()).as("certificates while it was away").isEqualTo(issued);
                assertThat(open.ask()).as("on the connection from before").isEqualTo(first);

                relay.restore();
                envoy.awaitCounter("cluster.server.client_ssl_socket_factory.ssl_context_update_by_sds", 3);
                String second = awaitOther(envoy, "closed");
                assertThat(second).startsWith(REVIEWS_URI + " ").isNotEqualTo(first);
                assertThat(open.ask()).isEqualTo(first);
                assertThat(issuedCount() - issued)
                        .as("certificates after its return, for two workloads")
                        .isLessThanOrEqualTo(2);
                assertThat(relay.since()).as("connections since its return").isLessThanOrEqualTo(MOST_CONNECTIONS);
            }
        }
    }

    /** Its token is as fresh as can be when it starts. */
    private RealEnvoy startWithToken(Duration life, int server) throws Exception {
        String bootstrap = bootstrap(citadel.port(), server);
        write("tokens/istio-token", token(REVIEWS, life));
        return RealEnvoy.start(folder, bootstrap);
    }

    /** What a new connection gets once that is not this any more. */
    private static String awaitOther(RealEnvoy envoy, String now) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        String last = now;
        while (last.equals(now) && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(100_000_000);
            try {
                last = askAnew(envoy);
            } catch (SocketException reset) {
                last = "closed";
            }
        }
        return last;
    }

    private static String askAnew(RealEnvoy envoy) throws Exception {
        try (Line line = new Line(envoy.port())) {
            return line.ask();
        }
    }

    /** That renews nothing: certificates are counted. */
    private IdentityMaterial pilotOnce() {
        try (ServiceIdentity pilot = identity(citadel.port())) {
            return await(pilot);
        }
    }

    private ServiceIdentity identity(int port) {
        return ServiceIdentity.start(new IdentitySettings(
                "127.0.0.1:" + port,
                IdentitySettings.CITADEL_NAME,
                folder.resolve("token"),
                ShortLives.FILES.root(),
                List.of(),
                Duration.ofMinutes(10)));
    }

    private static IdentityMaterial await(ServiceIdentity identity) {
        return identity.await(PATIENCE).orElseThrow(() -> new AssertionError(identity.problem()));
    }

    private String bootstrap(int citadelPort, int serverPort) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(EnvoyQuarkusTest.class.getResourceAsStream("/envoy/sidecar.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${CITADEL}", Integer.toString(citadelPort))
                    .replace("${SERVER}", Integer.toString(serverPort))
                    .replace("${FOLDER}", folder.toString())
                    .replace("${ROOT}", ShortLives.FILES.root().toString());
        }
    }

    private String tokenSecret() {
        return """
                resources:
                - "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
                  name: token
                  generic_secret: {secret: {filename: "%s/tokens/istio-token"}}
                """.formatted(folder);
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path draft = Files.writeString(folder.resolve("draft"), content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private double issuedCount() {
        return metrics.get("citadel.server.success.cert.issuance.count").gauge().value();
    }

    private static String token(ServiceAccount account, Duration lifetime) {
        return ISSUER.mint(
                new LocalTokenIssuer.TokenRequest(account, Optional.empty(), "istio-ca", lifetime),
                Instant.now(),
                RANDOM);
    }
}
