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
import org.junit.jupiter.api.io.TempDir;

/** What is printed of a Pilot's page of known proxies: proxies/syncz.json, which Pilot's own SyncStatusTest makes. */
class ProxyStatusCommandTest {
    private static final Path FOLDER = Path.of("src/test/resources/proxies");

    private static HttpServer pilot;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void start() throws IOException {
        pilot = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/debug/syncz", FOLDER.resolve("syncz.json"));
        serve("/debug/config_dump", FOLDER.resolve("told.json"));
        pilot.start();
    }

    private static void serve(String page, Path file) throws IOException {
        byte[] body = Files.readAllBytes(file);
        pilot.createContext(page, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
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
                back-0.web            SYNCED     SYNCED     SYNCED     SYNCED     2026-01-02T03:04:05Z
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
        assertThat(synced.err())
                .as("whose Envoy nobody can ask")
                .contains("not compared with what Envoy has: --file DUMP");
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

    private Path dump(String... replaced) throws IOException {
        String dump = Files.readString(FOLDER.resolve("told.json"));
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(dump).contains(replaced[i]);
            dump = dump.replace(replaced[i], replaced[i + 1]);
        }
        return Files.writeString(scratch.resolve("dump.json"), dump);
    }

    @Test
    void anEnvoyThatHasWhatItIsToldMatches() throws IOException {
        CommandRun run = run("ps", "cart-0", "--file", dump().toString());

        assertThat(run.out()).endsWith("""
                Clusters Match
                Listeners Match
                Routes Match
                Endpoints Match
                Extensions Match
                """);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void whatItHasOtherwiseIsShown() throws IOException {
        CommandRun run = run(
                "ps",
                "cart-0",
                "--file",
                dump("\"virtualInbound\"", "\"old\"", "cart.shop.svc.cluster.local:80", "cart:80")
                        .toString());

        assertThat(run.out()).endsWith("""
                Clusters Match
                Listeners Don't Match
                  listener old: Envoy still has it, Pilot does not tell of it any more
                  listener virtualInbound: Envoy does not have it
                Routes Don't Match
                --- Pilot route 80
                +++ Envoy route 80
                @@ -1,6 +1,6 @@
                 {
                   "name": "80",
                   "virtualHosts": [{
                -    "name": "cart.shop.svc.cluster.local:80"
                +    "name": "cart:80"
                   }]
                 }
                Endpoints Match
                Extensions Match
                """);
        assertThat(run.exit()).as("though Pilot's page says that it is in sync").isEqualTo(1);
    }

    /** Seen in a mesh: a Policy that turns mutual TLS off takes a filter away, whose configuration Envoy kept for 45 s. */
    @Test
    void whatOnlyADrainingListenerUsesIsNoDifference() throws IOException {
        String kept = """
                "configs": [{
                  "@type": "type.googleapis.com/envoy.admin.v3.EcdsConfigDump",
                  "ecdsFilters": [{"ecdsFilter": {
                    "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig", "name": "old"}}]
                },""";
        Path dump = dump();
        Files.writeString(dump, Files.readString(dump).replaceFirst("\"configs\": *\\[", kept));

        CommandRun run = run("ps", "cart-0", "--file", dump.toString());

        assertThat(run.out()).endsWith("""
                Extensions Match
                  extension old: Envoy keeps it for a listener that drains, Pilot does not tell of it any more
                """);
        assertThat(run.exit()).isZero();
    }

    @Test
    void jsonHasTheDifferencesBesideThePage() throws IOException {
        Path dump = dump("\"virtualInbound\"", "\"old\"", "cart.shop.svc.cluster.local:80", "cart:80");
        CommandRun run = run("ps", "cart-0", "--file", dump.toString(), "-o", "json");

        JsonNode proxy = new ObjectMapper().readTree(run.out()).path(0);
        assertThat(proxy.path("proxy").asText()).isEqualTo("cart-0.shop");
        assertThat(proxy.path("differences").findValuesAsText("what")).containsExactly("NOT_TOLD", "NOT_HELD", "OTHER");
        assertThat(proxy.path("differences").findValuesAsText("type")).containsExactly("LDS", "LDS", "RDS");
        assertThat(proxy.path("differences").path(2).path("diff")).hasSize(8);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(new ObjectMapper()
                        .readTree(run("ps", "cart-0", "--file", dump().toString(), "-o", "json")
                                .out())
                        .path(0)
                        .path("differences"))
                .isEmpty();
    }

    @Test
    void whatCannotBeComparedIsSaid() throws IOException {
        CommandRun nobody = run("ps", "--file", dump().toString());
        assertThat(nobody.exit()).isEqualTo(2);
        assertThat(nobody.err()).contains("name the pod whose dump", "dump.json");
        CommandRun nothing =
                run("ps", "cart-0", "--file", FOLDER.resolve("syncz.json").toString());
        assertThat(nothing.exit()).isEqualTo(2);
        assertThat(nothing.err()).contains("syncz.json cannot be read");
    }

    @Test
    void aFormatThatItDoesNotHaveIsRefused() {
        assertThat(run("ps", "-o", "yaml").err()).contains("-o yaml is not a format of this command; it has json");
    }
}
