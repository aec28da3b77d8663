package io.flotilla.pilot;

import static io.flotilla.pilot.Sidecars.CLIENT;
import static io.flotilla.pilot.Sidecars.DATABASE_PORT;
import static io.flotilla.pilot.Sidecars.HTTP_PORT;
import static io.flotilla.pilot.Sidecars.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.flotilla.pilot.world.AccessLogSink;
import io.flotilla.pilot.world.EchoApp;
import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.GreetingApp;
import io.flotilla.pilot.world.Http;
import io.flotilla.pilot.world.MeshYaml;
import io.flotilla.pilot.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.CDI;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real sidecars without capture: who calls whom, by which TLS, and what the server learns of it. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class SidecarsQuarkusTest {
    private static final String URL = "http://server:" + HTTP_PORT + "/";
    private static final String DIRECT = "http://" + SERVER + ":" + HTTP_PORT + "/";
    private static final int INSTANCE_PORT = 29_081;
    private static final List<String> INSTANCES = List.of("127.45.7.11", "127.45.7.12", "127.45.7.13");

    @TempDir
    private static Path directory;

    private static Sidecars sidecars;
    private static World world;
    private static AccessLogSink logs;
    private static List<AutoCloseable> running;

    @BeforeAll
    static void begin() throws Exception {
        sidecars = new Sidecars(directory);
        world = sidecars.world();
        logs = sidecars.logs();
        running = List.of(
                new GreetingApp("127.45.7.1", DATABASE_PORT),
                new EchoApp("one", INSTANCES.get(0), INSTANCE_PORT),
                new EchoApp("two", INSTANCES.get(1), INSTANCE_PORT),
                new EchoApp("newcomer", INSTANCES.get(2), INSTANCE_PORT));
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
        sidecars.stop();
    }

    @Test
    void theServerLearnsTheCallerAndPlaintextIsTakenUntilItIsStrict() throws Exception {
        try (Http mesh = Http.through(CLIENT, 15_001);
                Http direct = Http.direct()) {
            String answer = Eventually.get(
                    () -> mesh.get(URL, "x-flotilla-peer", "evil/pod"), body -> body.startsWith("200\nserver"));
            assertThat(answer)
                    .as("over mesh TLS")
                    .startsWith("200\nserver")
                    .contains("x-forwarded-client-cert=By=spiffe://cluster.local/ns/default/sa/server")
                    .contains("URI=spiffe://cluster.local/ns/default/sa/client")
                    .doesNotContain("x-flotilla-peer");

            assertThat(direct.get(DIRECT, "x-forwarded-client-cert", "URI=spiffe://evil", "x-flotilla-peer", "e/p"))
                    .as("in plaintext, with claims")
                    .startsWith("200\nserver")
                    .doesNotContain("evil", "x-flotilla-peer", "x-forwarded-client-cert");
            assertThat(GreetingApp.greeting(SERVER, DATABASE_PORT)).isEqualTo("welcome\n");

            world.galley().publish("policy.yaml", MeshYaml.strict());
            assertThat(Eventually.get(() -> direct.get(DIRECT), body -> body.startsWith("no answer")))
                    .startsWith("no answer");
            assertThat(GreetingApp.greeting(SERVER, DATABASE_PORT)).isEmpty();
            assertThat(Eventually.get(() -> mesh.get(URL), body -> body.startsWith("200")))
                    .startsWith("200\nserver");
            world.galley().publish("policy.yaml", MeshYaml.strict().replace("STRICT", "DISABLE"));
            assertThat(Eventually.get(
                            () -> mesh.get(URL),
                            body -> body.startsWith("200") && !body.contains("x-forwarded-client-cert")))
                    .as("a server that speaks no TLS is talked to in plaintext")
                    .startsWith("200\nserver")
                    .doesNotContain("x-forwarded-client-cert");

            // A connection that is open goes on in plaintext as long as the server takes that.
            world.galley().publish("policy.yaml", MeshYaml.strict());
            assertThat(Eventually.get(() -> mesh.get(URL), body -> body.contains("x-forwarded-client-cert")))
                    .as("and over mesh TLS again")
                    .contains("x-forwarded-client-cert");
            world.galley().publish("policy.yaml", "");
            assertThat(Eventually.get(() -> direct.get(DIRECT), body -> body.startsWith("200")))
                    .startsWith("200\nserver");
        }
    }

    @Test
    void bothSidesLogARequestAndTheServersSaysWhichPodCalled() throws Exception {
        try (Http mesh = Http.through(CLIENT, 15_001)) {
            String url = URL + "logged";
            Eventually.until(() -> mesh.get(url), body -> body.startsWith("200\nserver"));
            HTTPAccessLogEntry inbound = logged("flotilla.inbound");
            assertThat(inbound.getCommonProperties().getCustomTagsMap())
                    .containsEntry("x-flotilla-peer", "default/client-0");
            assertThat(inbound.getCommonProperties()
                            .getTlsProperties()
                            .getPeerCertificateProperties()
                            .getSubjectAltName(0)
                            .getUri())
                    .isEqualTo("spiffe://cluster.local/ns/default/sa/client");
            HTTPAccessLogEntry outbound = logged("flotilla.outbound");
            assertThat(outbound.getCommonProperties().getUpstreamCluster())
                    .isEqualTo("outbound|" + HTTP_PORT + "||server.default.svc.cluster.local");
        }
    }

    @Test
    void aPatchThatEnvoyRefusesIsLeftOutAndTheOthersHold() throws Exception {
        try (Http mesh = Http.through(CLIENT, 15_001)) {
            world.galley().publish("patches.yaml", patch("good", "headers:add(\"x-good\", \"1\")"));
            Eventually.until(() -> mesh.get(URL), body -> body.startsWith("200") && body.contains("x-good=1"));
            world.galley()
                    .publish(
                            "patches.yaml",
                            patch("good", "headers:add(\"x-good\", \"2\")")
                                    + patch("innocent", "headers:add(\"x-innocent\", \"1\")")
                                    + patch("bad", "this is no script("));
            // What is new together with the bad one is out with it, and comes back when it was taken by itself.
            Eventually.until(() -> mesh.get(URL), body -> body.contains("x-good=2") && body.contains("x-innocent=1"));
            String left = Eventually.get(
                    () -> leftOut(),
                    text -> text.contains("EnvoyFilter default/bad") && text.contains("Envoy refused"));
            assertThat(left).contains("script load error");
            // Galley is told of the object, and that all proxies have everything else.
            Eventually.until(
                    () -> world.galley().report().getRefusalsList().toString(),
                    refusals -> refusals.contains("name: \"bad\"")
                            && refusals.contains("script load error")
                            && !refusals.contains("innocent"));
            Eventually.until(
                    () -> world.galley().report(),
                    report -> report.getLagging() == 0
                            && report.getProxies() >= 2
                            && report.getGeneration()
                                    .equals(world.galley().generation().toString()));
            world.galley()
                    .publish(
                            "patches.yaml",
                            patch("good", "headers:add(\"x-good\", \"3\")") + patch("bad", "this is no script("));
            Eventually.until(() -> mesh.get(URL), body -> body.startsWith("200") && body.contains("x-good=3"));
            world.galley()
                    .publish(
                            "patches.yaml",
                            patch("good", "headers:add(\"x-good\", \"3\")")
                                    + patch("bad", "headers:add(\"x-better\", \"1\")"));
            Eventually.until(() -> mesh.get(URL), body -> body.contains("x-good=3") && body.contains("x-better=1"));
            assertThat(leftOut()).isEmpty();
            world.galley().publish("patches.yaml", "");
        }
    }

    @Test
    void anInstanceThatComesGetsLittleWhileItWarmsUp() throws Exception {
        String warm = "http://warm.test:" + INSTANCE_PORT + "/";
        String cold = "http://cold.test:" + INSTANCE_PORT + "/";
        try (Http mesh = Http.through(CLIENT, 15_001)) {
            world.galley().publish("instances.yaml", warmAndCold(2));
            for (String name : List.of("one", "two")) {
                Eventually.until(() -> mesh.get(warm), body -> body.startsWith("200\n" + name));
                Eventually.until(() -> mesh.get(cold), body -> body.startsWith("200\n" + name));
            }
            // Those that are there have a lead of two of the ten seconds in which an instance warms up.
            long since = System.nanoTime();
            Eventually.until(() -> mesh.get(warm), body -> System.nanoTime() - since > 2_000_000_000L);
            long came = System.nanoTime();
            world.galley().publish("instances.yaml", warmAndCold(3));
            assertThat(Eventually.get(() -> mesh.get(cold), body -> body.startsWith("200\nnewcomer")))
                    .startsWith("200\nnewcomer");
            int newcomers = newcomers(mesh, warm);
            double age = (System.nanoTime() - came) / 1e9;
            // It is at most so old, and each of the two others two seconds older: that is its share at the end.
            double share = age / (age + 2 * (age + 2));
            assertThat(newcomers)
                    .as("of 20, while it warms up for %s s at most", age)
                    .isLessThanOrEqualTo((int) Math.ceil(20 * share) + 2);
            assertThat(newcomers(mesh, cold)).as("of 20, where nobody warms up").isBetween(6, 7);
        } finally {
            world.galley().publish("instances.yaml", "");
        }
    }

    private static int newcomers(Http mesh, String url) throws InterruptedException {
        int answers = 0;
        for (int i = 0; i < 20; i++) {
            answers += mesh.get(url).startsWith("200\nnewcomer") ? 1 : 0;
        }
        return answers;
    }

    private static String warmAndCold(int count) {
        String endpoints = INSTANCES.stream()
                .limit(count)
                .map(address -> "{address: " + address + "}")
                .collect(java.util.stream.Collectors.joining(", "));
        return java.util.stream.Stream.of("warm", "cold")
                .map(name -> """
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: %1$s, namespace: default}
                    spec:
                      hosts: [%1$s.test]
                      resolution: STATIC
                      ports: [{number: %2$d, name: http, protocol: HTTP}]
                      endpoints: [%3$s]
                    ---
                    apiVersion: networking.istio.io/v1
                    kind: DestinationRule
                    metadata: {name: %1$s, namespace: default}
                    spec:
                      host: %1$s.test
                      trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN%4$s}}
                    ---
                    """.formatted(
                                name,
                                INSTANCE_PORT,
                                endpoints,
                                name.equals("warm") ? ", warmup: {duration: 10s, minimumPercent: 1}" : ""))
                .collect(java.util.stream.Collectors.joining());
    }

    @Test
    void aConnectionOfAChainThatIsNoMoreEndsWithTheDrain() throws Exception {
        try (Http direct = Http.direct();
                Socket open = openAsSoonAsTaken(direct)) {
            open.setSoTimeout(60_000);
            open.getOutputStream().write("GET / HTTP/1.1\r\nhost: server\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(open.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            world.galley().publish("policy.yaml", MeshYaml.strict());
            // By itself Envoy would take ten minutes; these have --drain-time-s 1, as drainDuration says it.
            assertThat(open.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .as("what was left of the answer, then the end")
                    .isPositive();
        } finally {
            world.galley().publish("policy.yaml", "");
        }
        try (Http direct = Http.direct()) {
            assertThat(Eventually.get(() -> direct.get(DIRECT), body -> body.startsWith("200")))
                    .startsWith("200\nserver");
        }
    }

    private static Socket openAsSoonAsTaken(Http direct) throws Exception {
        Eventually.until(() -> direct.get(DIRECT), body -> body.startsWith("200\nserver"));
        return new Socket(SERVER, HTTP_PORT);
    }

    private static Pilot pilot() {
        return CDI.current().select(Pilot.class).get();
    }

    private static String leftOut() {
        return pilot().server().streams().stream()
                .flatMap(stream -> pilot().source().member(stream.info().id()).stream())
                .flatMap(member -> member.resources().stream())
                .flatMap(resources -> resources.notes().problems().stream())
                .map(Object::toString)
                .distinct()
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    private static String patch(String name, String script) {
        return """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: %1$s, namespace: default}
            spec:
              workloadSelector: {labels: {app: server}}
              configPatches:
              - applyTo: HTTP_FILTER
                match: {context: SIDECAR_INBOUND}
                patch:
                  operation: INSERT_FIRST
                  value:
                    name: lua-%1$s
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                      default_source_code:
                        inline_string: |
                          function envoy_on_request(handle)
                            local headers = handle:headers()
                            %2$s
                          end
            ---
            """.formatted(name, script);
    }

    private static HTTPAccessLogEntry logged(String name) throws Exception {
        return Eventually.get(
                        () -> logs.entries(name).stream()
                                .filter(entry -> entry.getRequest().getPath().equals("/logged"))
                                .filter(entry ->
                                        entry.getResponse().getResponseCode().getValue() == 200)
                                .toList(),
                        entries -> !entries.isEmpty())
                .getFirst();
    }
}
