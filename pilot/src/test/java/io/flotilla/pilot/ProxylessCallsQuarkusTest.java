package io.flotilla.pilot;

import static io.flotilla.pilot.world.Proxyless.channel;
import static io.flotilla.pilot.world.Proxyless.pod;
import static io.flotilla.pilot.world.Proxyless.rule;
import static io.flotilla.pilot.world.Proxyless.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.pilot.world.Eventually;
import io.flotilla.pilot.world.FreePorts;
import io.flotilla.pilot.world.NamedServer;
import io.flotilla.pilot.world.Proxyless;
import io.flotilla.pilot.world.World;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of single calls of grpc-java's own xDS client, as it is published: when they fail, wait, go elsewhere. */
@QuarkusTest
@QuarkusTestResource(FreePorts.class)
class ProxylessCallsQuarkusTest {
    private static final int PORT = 29_064;
    private static final String HOST = "calls.default.svc.cluster.local:" + PORT;
    private static final String RULES = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: calls, namespace: default}
        spec:
          hosts: [calls]
          http:
        """;

    private static World world;
    private static NamedServer first;
    private static NamedServer second;

    private final ManagedChannel channel = channel(HOST);

    @BeforeAll
    static void begin() throws Exception {
        world = new World();
        world.galley()
                .publish(
                        "pods.yaml",
                        pod("calls-v1", "calls", "127.46.9.1", "v1")
                                + pod("calls-v2", "calls", "127.46.9.2", "v2")
                                + service("calls", "calls", PORT));
        first = new NamedServer("v1", "127.46.9.1", PORT, null);
        second = new NamedServer("v2", "127.46.9.2", PORT, null);
        Proxyless.start(world);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @AfterAll
    static void end() {
        first.close();
        second.close();
        world.close();
    }

    private String ask(String... headers) {
        Map<String, String> sent = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            sent.put(headers[i], headers[i + 1]);
        }
        try {
            return NamedServer.ask(channel, sent, 20);
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode().name();
        }
    }

    @Test
    void callsAreAbortedAndDelayed() throws Exception {
        world.galley().publish("rules.yaml", RULES + """
                - match: [{headers: {x-fault: {exact: http}}}]
                  fault: {abort: {httpStatus: 503, percentage: {value: 100}}}
                  route: [{destination: {host: calls}}]
                - match: [{headers: {x-fault: {exact: grpc}}}]
                  fault: {abort: {grpcStatus: RESOURCE_EXHAUSTED, percentage: {value: 100}}}
                  route: [{destination: {host: calls}}]
                - match: [{headers: {x-fault: {exact: some}}}]
                  fault: {abort: {grpcStatus: ABORTED, percentage: {value: 30}}}
                  route: [{destination: {host: calls}}]
                - match: [{headers: {x-fault: {exact: late}}}]
                  fault: {delay: {fixedDelay: 1s, percentage: {value: 100}}}
                  route: [{destination: {host: calls}}]
                - route: [{destination: {host: calls}}]
            """.indent(0));
        assertThat(Eventually.get(() -> ask("x-fault", "grpc"), "RESOURCE_EXHAUSTED"::equals))
                .isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(ask("x-fault", "http")).isEqualTo("UNAVAILABLE");
        int aborted = 0;
        for (int i = 0; i < 400; i++) {
            aborted += ask("x-fault", "some").equals("ABORTED") ? 1 : 0;
        }
        // Six standard deviations around 120 of 400.
        assertThat(aborted).isBetween(65, 175);
        long start = System.nanoTime();
        assertThat(ask("x-fault", "late")).isIn("v1", "v2");
        assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(1000);
        assertThat(ask()).isIn("v1", "v2");
    }

    @Test
    void aCallHasItsTimeAndItsAttempts() throws Exception {
        world.galley().publish("rules.yaml", RULES + """
                - match: [{headers: {x-rule: {exact: short}}}]
                  timeout: 0.3s
                  route: [{destination: {host: calls}}]
                - match: [{headers: {x-rule: {exact: again}}}]
                  retries: {attempts: 2, retryOn: unavailable}
                  route: [{destination: {host: calls}}]
                - match: [{headers: {x-rule: {exact: once}}}]
                  retries: {attempts: 0}
                  route: [{destination: {host: calls}}]
                - route: [{destination: {host: calls}}]
            """.indent(0));
        assertThat(Eventually.get(() -> ask("x-rule", "short", NamedServer.HOLD, "yes"), "DEADLINE_EXCEEDED"::equals))
                .isEqualTo("DEADLINE_EXCEEDED");
        assertThat(ask("x-rule", "again", NamedServer.FAIL, "2")).isIn("v1", "v2");
        assertThat(ask("x-rule", "again", NamedServer.FAIL, "3")).isEqualTo("UNAVAILABLE");
        assertThat(ask("x-rule", "once", NamedServer.FAIL, "1")).isEqualTo("UNAVAILABLE");
    }

    /** Every call is a POST; a condition on something else of HTTP's is none that fails the call. */
    @Test
    void conditionsOnTheMethodHold() throws Exception {
        world.galley().publish("rules.yaml", RULES + """
                - match: [{method: {exact: GET}}]
                  fault: {abort: {grpcStatus: ABORTED}}
                  route: [{destination: {host: calls}}]
                - match: [{method: {prefix: PO}, headers: {x-rule: {exact: post}}}]
                  fault: {abort: {grpcStatus: OUT_OF_RANGE}}
                  route: [{destination: {host: calls}}]
                - match: [{method: {regex: "GET|POST"}, scheme: {exact: http}}]
                  fault: {abort: {grpcStatus: DATA_LOSS}}
                  route: [{destination: {host: calls}}]
            """.indent(0));
        assertThat(Eventually.get(() -> ask("x-rule", "post"), "OUT_OF_RANGE"::equals))
                .isEqualTo("OUT_OF_RANGE");
        assertThat(ask()).isEqualTo("DATA_LOSS");
    }

    @Test
    void whoHasLessToDoIsAskedMoreOften() throws Exception {
        world.galley()
                .publish("rules.yaml", rule("calls", "  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}\n"));
        // Of two choices by chance the one with less to do is taken: one held call leaves its server a quarter.
        assertThat(Eventually.get(() -> shareBesideAHeldCall(), share -> share < 150))
                .isBetween(48, 150);
        world.galley().publish("rules.yaml", rule("calls", "  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}\n"));
        assertThat(Eventually.get(() -> shareBesideAHeldCall(), share -> share > 190))
                .isBetween(190, 200);
    }

    /** How many of 400 calls the server answers that has another to answer still: the one that answers fewer. */
    private int shareBesideAHeldCall() {
        Future<String> held = NamedServer.hold(channel);
        int answers = 0;
        for (int i = 0; i < 400; i++) {
            answers += ask().equals("v1") ? 1 : 0;
        }
        held.cancel(true);
        return Math.min(answers, 400 - answers);
    }

    @Test
    void oneHeaderGoesToOneServer() throws Exception {
        for (String hash : new String[] {"ringHash: {minimumRingSize: 64}", "maglev: {tableSize: 101}"}) {
            world.galley()
                    .publish(
                            "rules.yaml",
                            rule(
                                    "calls",
                                    "  trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user, " + hash
                                            + "}}}\n"));
            assertThat(Eventually.get(() -> serversOf("ann", 12), count -> count == 1))
                    .as(hash)
                    .isOne();
            assertThat(serversOf("ann", 40)).as(hash).isOne();
            // Of twenty users all at one server is less than once in half a million, and the hash does not change.
            assertThat(IntStream.range(0, 20)
                            .mapToObj(i -> ask("x-user", "user-" + i))
                            .distinct())
                    .hasSize(2);
            world.galley().publish("rules.yaml", "");
            Eventually.until(() -> serversOf("ann", 12), count -> count == 2);
        }
    }

    private int serversOf(String user, int calls) {
        return (int) IntStream.range(0, calls)
                .mapToObj(i -> ask("x-user", user))
                .distinct()
                .count();
    }
}
