package io.flotilla.pilot;

import static io.flotilla.pilot.Sidecars.CLIENT;
import static io.flotilla.pilot.Sidecars.HTTP_PORT;
import static io.flotilla.pilot.Sidecars.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.fixtures.base.FreePort;
import io.flotilla.fixtures.envoy.EnvoyRun;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.Http;
import io.flotilla.pilot.world.Peer;
import io.flotilla.pilot.world.RealEnvoy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real gateway between two networks: what passes it, and for how long. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class NetworksQuarkusTest {
    @TempDir
    private static Path directory;

    private static Sidecars sidecars;

    @BeforeAll
    static void begin() throws Exception {
        sidecars = new Sidecars(directory);
    }

    @AfterAll
    static void end() throws Exception {
        sidecars.stop();
    }

    @Test
    void aServiceOfAnotherNetworkIsCalledThroughItsGatewayByMeshTlsFromEndToEnd() throws Exception {
        FarNetwork far = new FarNetwork(FreePort.next(), SERVER, HTTP_PORT);
        try (Http mesh = Http.through(CLIENT, 15_001);
                EnvoyRun gateway = RealEnvoy.start(
                        FarNetwork.identity(),
                        sidecars.world().controlPlane(true),
                        Files.createDirectory(directory.resolve("gateway")))) {
            sidecars.world().galley().publish("mesh.yaml", sidecars.mesh() + far.networks());
            sidecars.world().galley().publish("far.yaml", far.service() + far.gateway("*.far.test"));
            assertThat(Eventually.get(() -> mesh.get(FarNetwork.URL), body -> body.startsWith("200")))
                    .as(gateway.log())
                    .startsWith("200\nserver")
                    .contains("URI=spiffe://cluster.local/ns/default/sa/client")
                    .contains("By=spiffe://cluster.local/ns/default/sa/server");
            assertThat(mesh.get(FarNetwork.URL, "x-subset", "v1"))
                    .startsWith("200\nserver")
                    .contains("URI=spiffe://cluster.local/ns/default/sa/client");
            sidecars.world().galley().publish("far.yaml", far.service() + far.gateway("*.other.test"));
            assertThat(Eventually.get(() -> mesh.get(FarNetwork.URL), body -> body.startsWith("503")))
                    .as("the gateway's hosts are others, and there is no way around it")
                    .startsWith("503");
        } finally {
            sidecars.world().galley().publish("mesh.yaml", sidecars.mesh());
            sidecars.world().galley().publish("far.yaml", "");
        }
    }

    @Test
    void whatPassesAGatewayBetweenNetworksEndsWithTheDrainOnceItsHostsAreOthers() throws Exception {
        FarNetwork far = new FarNetwork(FreePort.next(), SERVER, HTTP_PORT);
        SSLContext member = sidecars.world()
                .citadel()
                .member("spiffe://cluster.local/ns/default/sa/client", BigInteger.TEN, Instant.now());
        // What is asked while it lasts takes a handshake or two, on a machine that has other things to do.
        Duration drain = Duration.ofSeconds(10);
        try (EnvoyRun gateway = RealEnvoy.start(
                FarNetwork.identity(),
                sidecars.world().controlPlane(true),
                drain,
                Files.createDirectory(directory.resolve("drained-gateway")))) {
            sidecars.world().galley().publish("mesh.yaml", sidecars.mesh() + far.networks());
            sidecars.world().galley().publish("far.yaml", far.service() + far.gateway("*.far.test"));
            assertThat(Eventually.get(() -> far.said(member), "200"::equals))
                    .as(gateway.log())
                    .isEqualTo("200");
            try (Peer open = far.open(member)) {
                assertThat(open.get("/")).isEqualTo("200");
                sidecars.world().galley().publish("far.yaml", far.service() + far.gateway("*.other.test"));
                assertThat(Eventually.get(() -> far.said(member), "closed"::equals))
                        .as("a new connection")
                        .isEqualTo("closed");
                assertThat(open.get("/")).as("one that was open").isEqualTo("200");
                assertThat(Eventually.get(() -> open.get("/"), "closed"::equals))
                        .as("at the drain's end")
                        .isEqualTo("closed");
            }
        } finally {
            sidecars.world().galley().publish("mesh.yaml", sidecars.mesh());
            sidecars.world().galley().publish("far.yaml", "");
        }
    }
}
