package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.yaml.PlainYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed of a dump in Envoy's form: proxies/envoy.json. */
class ProxyConfigCommandTest {
    private static final String DUMP = "src/test/resources/proxies/envoy.json";

    @TempDir
    private Path scratch;

    private static JsonNode json(String type) throws IOException {
        CommandRun run = CommandRun.of("proxy-config", type, "--file", DUMP, "-o", "json");
        assertThat(run.exit()).isZero();
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void aRowForEachResourceWithItsVersion() {
        CommandRun run = CommandRun.of("proxy-config", "cluster", "--file", DUMP);

        assertThat(run.out()).isEqualTo("""
                NAME                                       VERSION   UPDATED
                xds-grpc                                             2026-01-02T03:04:05.200Z
                outbound|80||cart.shop.svc.cluster.local   c1        2026-01-02T03:04:06.100Z
                outbound|80||ui.web.svc.cluster.local      c2        2026-01-02T03:04:06.200Z
                """);
        assertThat(run.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            listeners > readiness virtualInbound
            route     > inbound 80
            endpoints > outbound|80||cart.shop.svc.cluster.local
            secret    > default
            """)
    void eachTypeHasItsNames(String type, String names) {
        CommandRun run = CommandRun.of("pc", type, "--file", DUMP);

        assertThat(run.out().lines().skip(1).map(line -> line.split(" ", 2)[0])).containsExactly(names.split(" "));
    }

    @Test
    void allIsATableOfEachTypeAndAsJsonTheBootstrapToo() throws IOException {
        CommandRun run = CommandRun.of("pc", "all", "--file", DUMP);
        assertThat(run.out().lines().filter(line -> line.endsWith(":")))
                .containsExactly("listeners:", "routes:", "clusters:", "endpoints:", "secrets:");
        assertThat(run.out())
                .contains("clusters:\n"
                        + CommandRun.of("pc", "cluster", "--file", DUMP).out());

        JsonNode all = json("all");
        assertThat(all.fieldNames())
                .toIterable()
                .containsExactly("bootstrap", "listener", "route", "cluster", "endpoint", "secret");
        assertThat(all.path("cluster")).isEqualTo(json("cluster"));
        assertThat(all.path("bootstrap")).isEqualTo(json("bootstrap"));
    }

    // /debug/config_dump has names in JSON's form, no versions and nothing static.
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            cluster  > outbound|80||cart.shop.svc.cluster.local
            listener > virtualInbound
            route    > 80
            endpoint > outbound|80||cart.shop.svc.cluster.local
            """)
    void whatPilotTellsHasItsNamesToo(String type, String name) throws IOException {
        String told = "src/test/resources/proxies/told.json";

        assertThat(CommandRun.of("pc", type, "--file", told)
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.split(" ", 2)[0]))
                .containsExactly(name);
        CommandRun json = CommandRun.of("pc", type, "--file", told, "-o", "json");
        assertThat(new ObjectMapper().readTree(json.out()).path(0).path("@type").asText())
                .startsWith("type.googleapis.com/envoy.config.");
    }

    @Test
    void versionsOfListenersAreThoseOfTheirState() {
        assertThat(CommandRun.of("pc", "listener", "--file", DUMP).out())
                .containsPattern("virtualInbound +l1 +2026-01-02T03:04:07Z\n");
    }

    @Test
    void jsonHasTheResourcesThemselves() throws IOException {
        assertThat(json("cluster").findValuesAsText("type")).containsExactly("EDS");
        assertThat(json("listener").path(1).path("traffic_direction").asText()).isEqualTo("INBOUND");
        assertThat(json("route")
                        .path(1)
                        .path("virtual_hosts")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("cart.shop.svc.cluster.local:80");
        assertThat(json("endpoint").path(0).path("cluster_name").asText())
                .isEqualTo("outbound|80||cart.shop.svc.cluster.local");
        assertThat(json("secret").path(0).path("name").asText()).isEqualTo("default");
        assertThat(json("bootstrap").path(0).path("node").path("id").asText()).startsWith("sidecar~10.44.1.1~");
    }

    @Test
    void endpointsAreShownWithTheirAddressesAndHealth() throws IOException {
        String cluster = "{endpoint_config: {cluster_name: %s, endpoints: [{lb_endpoints: [%s]}]}}";
        String one = "{endpoint: {address: {socket_address: {address: 10.44.1.%d, port_value: 8080}}}%s}";
        String dump = "{configs: [{\"@type\": x.EndpointsConfigDump, dynamic_endpoint_configs: [%s, %s, %s]}]}"
                .formatted(
                        cluster.formatted(
                                "web", one.formatted(1, "") + ", " + one.formatted(2, ", health_status: UNHEALTHY")),
                        cluster.formatted("gone", ""),
                        cluster.formatted("local", "{endpoint: {address: {pipe: {path: /run/sds.sock}}}}"));
        Path file = Files.writeString(
                scratch.resolve("dump.json"), new ObjectMapper().writeValueAsString(PlainYaml.read(dump)));

        assertThat(CommandRun.of("pc", "endpoints", "--file", file.toString()).out())
                .isEqualTo("""
                        NAME    ENDPOINT         STATUS
                        web     10.44.1.1:8080   HEALTHY
                        web     10.44.1.2:8080   UNHEALTHY
                        gone    -                -
                        local   /run/sds.sock    HEALTHY
                        """);
    }

    @Test
    void theBootstrapIsJsonAnyway() {
        assertThat(CommandRun.of("pc", "bootstrap", "--file", DUMP).out()).contains("\"node\"");
    }

    @Test
    void whatCannotBeAskedForIsSaid() {
        CommandRun type = CommandRun.of("pc", "cookies", "--file", DUMP);
        assertThat(type.exit()).isEqualTo(2);
        assertThat(type.err())
                .contains(
                        "there is no type \"cookies\"; types are all, bootstrap, listener, route, cluster, endpoint, secret");
        CommandRun pod = CommandRun.of("pc", "cluster");
        assertThat(pod.exit()).isEqualTo(2);
        assertThat(pod.err()).contains("name a pod, or a dump with --file");
    }
}
