package io.flotilla.envoy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DestinationRules: behaviour/policies.yaml. */
class PolicyBehaviourTest {
    private static Workbench bench;
    private static FullServer full;

    @BeforeAll
    static void start() throws IOException {
        full = new FullServer();
        Path folder = Path.of("src/test/resources/behaviour");
        String policies =
                Files.readString(folder.resolve("policies.yaml")).replace("FULL_PORT", Integer.toString(full.port()));
        bench = Workbench.start(
                MeshFiles.of(Files.readString(folder.resolve("services.yaml")) + "---\n" + policies),
                Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (bench != null) {
            bench.close();
        }
        full.close();
    }

    @Test
    void requestsWithOneHeaderGoToOneInstance() throws IOException {
        Set<String> all = new TreeSet<>();
        for (int user = 0; user < 40; user++) {
            Set<String> ofOne = new TreeSet<>();
            for (int i = 0; i < 3; i++) {
                ofOne.add(bench.checked(bench.get("b", 80, "/").with("x-user", "user-" + user))
                        .app());
            }
            assertThat(ofOne).hasSize(1);
            all.addAll(ofOne);
        }
        assertThat(all).hasSize(2);
    }

    @Test
    void whatThePoolCannotHoldOverflows() throws Exception {
        App server = bench.apps().one("c-v1");
        // While it is being opened, a connection's first request counts as one that waits.
        bench.checked(bench.get("c", 80, "/"));
        Held held = new Held();
        server.behave(held);
        List<Reply> replies =
                Together.ask(4, () -> bench.checked(bench.get("c", 80, "/")), refused -> refused == 2, held::letGo);
        assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 200, 503, 503);
        List<Reply> refused =
                replies.stream().filter(reply -> reply.status() == 503).toList();
        for (Reply reply : refused) {
            assertThat(reply.logged().flags()).isEqualTo("UO");
            assertThat(reply.headers()).containsEntry("x-envoy-overloaded", "true");
        }
    }

    @Test
    void anInstanceThatFailsSevenTimesIsEjected() throws Exception {
        App failing = bench.apps().named("a-v1").getFirst();
        failing.behave(request -> App.Answer.status(500));
        String ejections =
                "cluster.outbound|80||a.default.svc.cluster.local.outlier_detection.ejections_enforced_consecutive_5xx";
        failures(6);
        assertThat(bench.stat(ejections)).as("ejected after six").isZero();
        failures(1);
        assertThat(Waiting.until(() -> bench.stat(ejections), count -> count > 0))
                .isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            assertThat(bench.checked(bench.get("a", 80, "/")).status()).isEqualTo(200);
        }
    }

    @Test
    void anInstanceThatWasEjectedReturnsAfterTheTimeThatTheRuleSays() throws Exception {
        App failing = bench.apps().one("10.69.0.1:80");
        failing.behave(request -> App.Answer.status(500));
        askUntil("short.test", "cluster.outbound|80||short.test.outlier_detection.ejections_enforced_total", 1);
        failing.behave(request -> App.Answer.OK);
        long ejected = System.nanoTime();
        String back = Waiting.until(
                () -> bench.checked(bench.get("short.test", 80, "/")).app(), failing.name()::equals);
        assertThat(back).isEqualTo(failing.name());
        assertThat(System.nanoTime() - ejected).as("Envoy's own time").isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    /** Asks until that many failed. */
    private static void failures(int count) throws IOException {
        for (int errors = 0; errors < count; ) {
            errors += bench.checked(bench.get("a", 80, "/")).status() == 500 ? 1 : 0;
        }
    }

    @ParameterizedTest
    // Of four, one is more than the tenth that Envoy ejects by itself, but one of few may always go.
    @CsvSource({"half.test, 2", "usual.test, 1"})
    void noMoreAreEjectedThanTheShareThatTheRuleSays(String host, int most) throws Exception {
        List<App> four = bench.apps().named("10.69.0.");
        four.forEach(each -> each.behave(request -> App.Answer.status(500)));
        String detection = "cluster.outbound|80||" + host + ".outlier_detection.";
        askUntil(host, detection + "ejections_overflow", 8);
        assertThat(bench.stat(detection + "ejections_active")).isEqualTo(most);
        four.forEach(each -> each.behave(request -> App.Answer.OK));
        Set<String> left = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            left.add(bench.checked(bench.get(host, 80, "/")).app());
        }
        assertThat(left).hasSize(4 - most);
    }

    @ParameterizedTest
    @CsvSource({"panic.test, 4", "calm.test, 1"})
    void whereFewerAreLeftThanTheRuleSaysAllAreAskedAgain(String host, int asked) throws Exception {
        List<App> four = bench.apps().named("10.69.0.");
        four.forEach(each -> each.behave(request -> App.Answer.OK));
        four.subList(1, 4).forEach(each -> each.behave(request -> App.Answer.status(500)));
        askUntil(host, "cluster.outbound|80||" + host + ".outlier_detection.ejections_active", 3);
        four.forEach(each -> each.behave(request -> App.Answer.OK));
        Set<String> answered = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            answered.add(bench.checked(bench.get(host, 80, "/")).app());
        }
        assertThat(answered).hasSize(asked);
        assertThat(bench.stat("cluster.outbound|80||" + host + ".lb_healthy_panic") > 0)
                .isEqualTo(asked == 4);
    }

    private static void askUntil(String host, String stat, long count) throws Exception {
        Callable<Long> afterOneMore = () -> {
            bench.send(bench.get(host, 80, "/"));
            return bench.stat(stat);
        };
        assertThat(Waiting.until(afterOneMore, now -> now >= count)).as(stat).isGreaterThanOrEqualTo(count);
    }

    @ParameterizedTest
    // What the rule says, what the mesh says, and what is usual are far apart: a busy machine adds its own. Envoy's
    // clock
    // is a few milliseconds behind at times.
    @CsvSource({"rule.full.test, 250, 4900", "mesh.full.test, 4900, 9900"})
    @EnabledOnOs(OS.LINUX)
    void aConnectionThatNobodyTakesIsGivenUpInTime(String host, long least, long most) throws IOException {
        Reply reply = bench.checked(bench.get(host, 80, "/"));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.logged().flags()).isEqualTo("UF");
        assertThat(reply.millis()).isBetween(least, most);
        assertThat(bench.stat("cluster.outbound|80||" + host + ".upstream_cx_connect_timeout"))
                .isEqualTo(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aConnectionOfTcpThatNobodyTakesIsGivenUpInTime() throws IOException {
        Call call = ConnectionsBehaviourTest.connection("10.68.0.2", 9000);
        long start = System.nanoTime();
        assertThat(bench.logOf(call).flags()).contains("UF");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(250L, 4900L);
    }

    @Test
    void theRuleSaysHowOftenToTryAndNotTheCaller() throws IOException {
        List<App> servers = bench.apps().named("b-v1");
        servers.forEach(each -> each.behave(request -> App.Answer.status(503)));
        try {
            int usual = bench.checked(bench.get("b", 80, "/")).logged().attempts();
            Reply asking = bench.checked(
                    bench.get("b", 80, "/").with("x-envoy-retry-on", "5xx").with("x-envoy-max-retries", "9"));
            assertThat(asking.logged().attempts()).isEqualTo(usual);
        } finally {
            servers.forEach(each -> each.behave(request -> App.Answer.OK));
        }
    }

    @Test
    void websocketsPass() throws IOException {
        Call call = bench.get("c", 80, "/socket");
        Call asking = call.with("connection", "Upgrade");
        assertThat(bench.checked(asking.with("upgrade", "websocket")).status()).isEqualTo(101);
        assertThat(bench.checked(asking.with("upgrade", "telnet")).status()).isEqualTo(403);
        assertThat(bench.checked(asking.with("upgrade", "h2c")).status()).isEqualTo(200);
        try (Socket socket = bench.connect(call.to())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /socket HTTP/1.1\r\nhost: c\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) socket.getInputStream().read());
            }
            assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
            socket.getOutputStream().write("frame".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("frame");
        }
    }
}
