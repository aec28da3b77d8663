package io.flotilla.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.envoy.EnvoyBinary;
import io.flotilla.pilot.world.EchoApp;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.LineApp;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.Peer;
import io.flotilla.pilot.world.RealEnvoy;
import io.flotilla.pilot.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate is taken back is refused by a real sidecar, on the connection that is open; others notice nothing. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class RevocationQuarkusTest {
    private static final String SERVER = "127.44.9.1";
    private static final int HTTP_PORT = 29_081;
    private static final int LINE_PORT = 23_307;
    private static final String PORTS =
            "[{name: http, port: " + HTTP_PORT + "}, {name: tcp-lines, port: " + LINE_PORT + "}]";
    private static final String ALPN_HTTP = "istio-http/1.1";
    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";
    private static final String OTHER = "spiffe://cluster.local/ns/default/sa/other";
    // Certificates begin before the test does.
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private static Path directory;

    private static World world;
    private static List<AutoCloseable> running;

    @BeforeAll
    static void begin() throws Exception {
        EnvoyBinary.found();
        world = new World();
        world.galley().publish("pods.yaml", MeshYaml.sidecar("server", SERVER) + MeshYaml.server("10.96.9.1", PORTS));
        running = List.of(
                new EchoApp("server", "127.45.9.1", HTTP_PORT),
                new LineApp("127.45.9.1", LINE_PORT),
                RealEnvoy.start(
                        new RealEnvoy.Identity(
                                "sidecar~" + SERVER + "~server-0.default~default.svc.cluster.local",
                                "server",
                                "NONE",
                                Map.of("app", "server")),
                        world.controlPlane(true),
                        Files.createDirectory(directory.resolve("server"))));
        SSLContext probe = member(OTHER, 99, NOW);
        Eventually.until(
                () -> {
                    try (Peer peer = http(probe)) {
                        return peer.get("/");
                    } catch (java.io.IOException e) {
                        return "not yet";
                    }
                },
                "200"::equals);
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
        world.close();
    }

    @AfterEach
    void liftRevocations() {
        world.galley().publish("revocations.yaml", "");
    }

    @Test
    void anIdentityIsRefusedOnItsOpenConnectionAndNobodyElse() throws Exception {
        try (Peer revoked = http(member(CLIENT, 1, NOW));
                Peer other = http(member(OTHER, 2, NOW))) {
            assertThat(revoked.get("/")).isEqualTo("200");
            assertThat(other.get("/")).isEqualTo("200");

            revoke("{identity: '" + CLIENT + "'}");
            refusedWithinFiveSeconds(revoked, other);

            world.galley().publish("revocations.yaml", "");
            assertThat(Eventually.get(() -> revoked.get("/"), "200"::equals))
                    .as("once the object is gone, on the same connection")
                    .isEqualTo("200");
        }
    }

    @Test
    void oneCertificateIsRefusedByItsSerialNumberAndTheNextOfTheSameIdentityIsGood() throws Exception {
        // An odd number of digits, which Envoy writes with a zero before them.
        try (Peer revoked = http(member(CLIENT, 0xabc12, NOW));
                Peer next = http(member(CLIENT, 0xabc13, NOW))) {
            assertThat(revoked.get("/")).isEqualTo("200");
            assertThat(next.get("/")).isEqualTo("200");

            revoke("{certificate: {serial: abc12}}");
            refusedWithinFiveSeconds(revoked, next);
        }
    }

    @Test
    void whatAnIdentityGotBeforeATimeIsRefusedAndWhatItGetsAfterIsNot() throws Exception {
        Instant time = NOW.minusSeconds(30);
        try (Peer early = http(member(CLIENT, 5, time.minusSeconds(1)));
                Peer late = http(member(CLIENT, 6, time.plusSeconds(1)))) {
            assertThat(early.get("/")).isEqualTo("200");
            assertThat(late.get("/")).isEqualTo("200");

            revoke("{issuedBefore: {identity: '" + CLIENT + "', time: '"
                    + time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + "'}}");
            refusedWithinFiveSeconds(early, late);
        }
    }

    @Test
    void overTcpTheNextConnectionIsRefusedAndADrainClosesTheOpenOne() throws Exception {
        SSLContext identity = member(CLIENT, 7, NOW);
        try (Peer open = tcp(identity);
                Peer other = tcp(member(OTHER, 8, NOW))) {
            assertThat(open.line("a\n")).isEqualTo("a");
            assertThat(other.line("a\n")).isEqualTo("a");

            revoke("{certificate: {serial: '7'}}");
            assertThat(Eventually.get(() -> said(identity), "closed"::equals)).isEqualTo("closed");
            assertThat(open.line("b\n")).as("without a drain").isEqualTo("b");
            assertThat(other.line("b\n")).isEqualTo("b");

            revoke("{certificate: {serial: '7'}, drain: true}");
            assertThat(Eventually.get(() -> open.line("c\n"), "closed"::equals))
                    .as("with a drain")
                    .isEqualTo("closed");
            assertThat(said(member(OTHER, 9, NOW))).isEqualTo("x");
        }
    }

    @Test
    void noSessionIsTakenUpAgain() throws Exception {
        SSLContext identity = member(CLIENT, 10, NOW);
        long first;
        try (Peer peer = http(identity)) {
            assertThat(peer.get("/")).isEqualTo("200");
            first = peer.sessionBegan();
        }
        // It is told in milliseconds.
        while (System.currentTimeMillis() <= first) {
            Thread.onSpinWait();
        }
        try (Peer again = http(identity)) {
            assertThat(again.sessionBegan()).as("of a session of its own").isGreaterThan(first);
        }
    }

    private static String said(SSLContext identity) throws Exception {
        try (Peer peer = tcp(identity)) {
            return peer.line("x\n");
        }
    }

    private static void refusedWithinFiveSeconds(Peer revoked, Peer other) throws Exception {
        long begin = System.nanoTime();
        String answer = Eventually.get(
                () -> {
                    assertThat(other.get("/"))
                            .as("the other peer, all the time")
                            .isEqualTo("200");
                    return revoked.get("/");
                },
                "403"::equals);
        assertThat(answer).isEqualTo("403");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(other.get("/")).isEqualTo("200");
    }

    private static void revoke(String spec) {
        world.galley()
                .publish(
                        "revocations.yaml",
                        "{apiVersion: security.flotilla.io/v1, kind: Revocation, metadata: {name: one}, spec: " + spec
                                + "}");
    }

    private static SSLContext member(String id, long serial, Instant from) throws Exception {
        return world.citadel().member(id, BigInteger.valueOf(serial), from);
    }

    private static Peer http(SSLContext identity) throws java.io.IOException {
        return Peer.connect(identity, SERVER, HTTP_PORT, ALPN_HTTP);
    }

    private static Peer tcp(SSLContext identity) throws java.io.IOException {
        return Peer.connect(identity, SERVER, LINE_PORT, "istio");
    }
}
