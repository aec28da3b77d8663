package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is printed of a Pilot's page of known proxies: proxies/syncz.json, which Pilot's own SyncStatusTest makes. */
class ProxyStatusCommandTest {
    private static HttpServer pilot;

    @BeforeAll
    static void start() throws IOException {
        pilot = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = Files.readAllBytes(Path.of("src/test/resources/proxies/syncz.json"));
        pilot.createContext("/debug/syncz", exchange -> {
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pilot.start();
    }

    @AfterAll
    static void stop() {
        pilot.stop(0);
    }

    private static CommandRun run(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--pilot-port", String.valueOf(pilot.getAddress().getPort())));
        return CommandRun.of(line.toArray(String[]::new));
    }

    @Test
    void aRowForEachProxyAndWhatItRefusedAndDoesWithout() {
        CommandRun run = run("proxy-status");

        assertThat(run.out()).isEqualTo("""
                NAME                  CDS        LDS        EDS        RDS        CONNECTED
                edge-0.istio-system   NOT SENT   NOT SENT   NOT SENT   NOT SENT   2026-01-02T03:04:05Z
                cart-0.shop           SYNCED     SYNCED     SYNCED     SYNCED     2026-01-02T03:04:05Z
                ui-0.web              STALE      NOT SENT   NOT SENT   NOT SENT   2026-01-02T03:04:05Z
                worse-0.shop          SYNCED     ERROR      STALE      NOT SENT   2026-01-02T03:04:05Z
                worse-0.shop rejected LDS: Error adding/updating listener(s) 10.96.0.7_80: no such filter (from VirtualService shop/cart)
                left out: EnvoyFilter shop/odd: spec.configPatches[0].patch.value: no message
                """);
        assertThat(run.exit()).as("one has not the newest").isEqualTo(1);
    }

    @Test
    void jsonIsThePageItself() throws IOException {
        CommandRun run = run("ps", "-o", "json");

        JsonNode page = new ObjectMapper()
                .readTree(Path.of("src/test/resources/proxies/syncz.json").toFile());
        assertThat(new ObjectMapper().readTree(run.out())).isEqualTo(page);
        assertThat(run.exit()).isEqualTo(1);
    }

    @Test
    void onePodIsAskedFor() throws IOException {
        CommandRun synced = run("ps", "cart-0");
        assertThat(synced.out().lines()).hasSize(3);
        assertThat(synced.out()).contains("cart-0.shop").doesNotContain("worse");
        assertThat(synced.exit()).as("it has the newest").isZero();

        CommandRun stale = run("ps", "ui-0.web", "-o", "json");
        JsonNode pods = new ObjectMapper().readTree(stale.out());
        assertThat(pods).hasSize(1);
        assertThat(pods.path(0).path("proxy").asText()).isEqualTo("ui-0.web");
        assertThat(stale.exit()).isEqualTo(1);

        CommandRun nobody = run("ps", "cart");
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.err()).contains("no proxy of pod cart is connected to pilot");
    }

    @Test
    void aFormatThatItDoesNotHaveIsRefused() {
        assertThat(run("ps", "-o", "yaml").err()).contains("-o yaml is not a format of this command; it has json");
    }
}
