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
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of TLS and TCP: behaviour/connections.yaml. */
class ConnectionsBehaviourTest {
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/connections.yaml")),
                Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    static Call connection(String address, int port) {
        return Call.get("", port, "").method("").to(address);
    }

    @ParameterizedTest
    @CsvSource({
        "443, one.tls.test, 10.61.1.1:443",
        "8443, one.tls.test, 10.61.1.3:443",
        "443, plain.tls.test, 10.61.1.9:443",
        "443, x.wide.tls.test, 10.61.1.1:443",
        "443, y.wide.tls.test, 10.61.1.1:443",
        "8443, x.wide.tls.test, 10.61.1.9:8443",
        "443, caller.tls.test, 10.61.1.2:443",
        "8443, caller.tls.test, 10.61.1.9:8443",
    })
    void tlsGoesByItsServerName(int port, String name, String app) throws IOException {
        assertThat(bench.told(connection("240.0.0.9", port).tls(name), "hello"))
                .isEqualTo(app + " heard hello as " + name);
    }

    @Test
    void tlsIsSplitByWeight() throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 28; i++) {
            String heard = bench.told(connection("240.0.0.9", 443).tls("z.wide.tls.test"), "hello");
            answered.merge(heard.replaceAll(" .*", ""), 1, Integer::sum);
        }
        // Of 28 at a half, fewer than 2 or more than 26 come less than once in a million runs.
        assertThat(answered).containsOnlyKeys("10.61.1.2:443", "10.61.1.3:443");
        assertThat(answered.get("10.61.1.2:443")).isBetween(2, 26);
    }

    @ParameterizedTest
    @CsvSource({
        "10.62.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
        "10.62.0.1, 9002, 10.44.0.9, 10.62.1.1:9002",
        "10.63.7.7, 9100, 10.44.0.9, 10.63.0.1:9100",
        "10.63.1.9, 9100, 10.44.0.9, 10.61.1.1:9000",
        "10.63.1.2, 9100, 10.44.0.9, 10.61.1.2:9000",
        "10.64.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
        "10.64.0.1, 9000, 10.44.7.9, 10.61.1.2:9000",
        "10.64.0.1, 9001, 10.44.7.9, 10.64.1.1:9001",
        "10.64.0.1, 9001, 10.44.8.9, 10.61.1.1:9000",
        "10.65.0.1, 9000, 10.44.0.9, 10.65.1.1:9000",
        "10.61.0.1, 9000, 10.44.0.9, 10.61.1.1:9000",
    })
    void tcpGoesByPortAddressAndCaller(String address, int port, String source, String app) throws IOException {
        assertThat(bench.told(connection(address, port).from(source), "hello")).isEqualTo(app + " heard hello");
    }

    @Test
    void tcpIsSplitByWeight() throws IOException {
        Map<String, Integer> answered = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            String heard = bench.told(connection("10.62.0.1", 9001), "hello");
            answered.merge(heard.replaceAll(" .*", ""), 1, Integer::sum);
        }
        // Of 60 at 30 percent, fewer than 3 or more than 36 come less than once in a million runs.
        assertThat(answered).containsOnlyKeys("10.61.1.2:9000", "10.61.1.3:9000");
        assertThat(answered.get("10.61.1.3:9000")).isBetween(3, 36);
    }

    @Test
    void aRuleForOthersLeavesWhatWasThereWithoutIt() throws IOException {
        assertThat(bench.checked(bench.get("untouched.test", 80, "/")).app()).isEqualTo("10.65.1.1:80");
        assertThat(bench.told(connection("10.65.0.1", 443).tls("untouched.test"), "hello"))
                .isEqualTo("10.65.1.1:443 heard hello as untouched.test");
    }

    /** Says a line; whether the connection has ended instead of answering. */
    private static boolean ended(Socket socket) throws IOException {
        try {
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            int last = socket.getInputStream().read();
            while (last >= 0 && last != '\n') {
                last = socket.getInputStream().read();
            }
            return last < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static Socket open(String address, int port) throws IOException {
        Socket socket = bench.connect(connection(address, port).to());
        socket.setSoTimeout(60_000);
        return socket;
    }

    @Test
    void anIdleConnectionEnds() throws Exception {
        try (Socket socket = open("10.66.0.1", 9000)) {
            assertThat(ended(socket)).isFalse();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(bench.admin("/stats?filter=9000.*times.test.*idle_timeout")).containsPattern("idle_timeout: [1-9]");
    }

    @Test
    void aConnectionEndsAtItsLongestDurationWhateverIsSaid() throws Exception {
        try (Socket socket = open("10.66.0.1", 9001)) {
            assertThat(ended(socket)).isFalse();
            assertThat(Waiting.until(() -> ended(socket), over -> over)).isTrue();
        }
        assertThat(bench.admin("/stats?filter=9001.*times.test.*max_downstream_connection_duration"))
                .containsPattern("duration: [1-9]");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void connectionsAreKeptAlive() throws Exception {
        try (Socket kept = open("10.66.0.1", 9002);
                Socket usual = open("10.65.0.1", 9000)) {
            assertThat(ended(kept)).isFalse();
            assertThat(ended(usual)).isFalse();
            // The kernel's list tells which timer runs: 02 is that of keep-alive.
            int alive = bench.apps().at("10.66.1.1", 9002).port();
            Waiting.until(() -> timers(alive), timers -> timers.contains("02"));
            assertThat(timers(alive)).containsExactly("02");
            assertThat(timers(bench.apps().at("10.65.1.1", 9000).port()))
                    .isNotEmpty()
                    .doesNotContain("02");
        }
    }

    /** Timers of established connections to a local port. */
    private static List<String> timers(int port) throws IOException {
        String remote = ":%04X".formatted(port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(parts -> parts.length > 5 && parts[2].endsWith(remote) && parts[3].equals("01"))
                .map(parts -> parts[5].substring(0, 2))
                .toList();
    }

    @Test
    void aConnectionCarriesAsManyRequestsAsTheRuleSays() throws Exception {
        App once = bench.apps().at("10.66.1.1", 81);
        App usual = bench.apps().at("10.66.1.1", 83);
        for (int i = 0; i < 5; i++) {
            assertThat(bench.checked(bench.get("times.test", 81, "/")).status()).isEqualTo(200);
            assertThat(bench.checked(bench.get("times.test", 83, "/")).status()).isEqualTo(200);
        }
        assertThat(once.connections()).isEqualTo(5);
        assertThat(usual.connections()).isEqualTo(1);
    }

    @Test
    void aConnectionMoreThanThePoolHasIsClosed() throws Exception {
        try (Socket first = open("10.66.0.1", 9003)) {
            assertThat(ended(first)).isFalse();
            assertThat(bench.logOf(connection("10.66.0.1", 9003)).flags()).isEqualTo("UO");
            assertThat(ended(first)).isFalse();
        }
        assertThat(Waiting.until(
                        () -> bench.logOf(connection("10.66.0.1", 9003)).flags(), String::isEmpty))
                .as("its place is free again")
                .isEmpty();
    }

    @Test
    void requestsMoreThanThePoolTakesAreRefused() throws Exception {
        Held held = new Held();
        bench.apps().at("10.66.1.1", 84).behave(held);
        List<Reply> replies = Together.ask(
                3, () -> bench.checked(bench.get("times.test", 84, "/")), refused -> refused == 2, held::letGo);
        assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 503, 503);
        for (Reply reply : replies) {
            assertThat(reply.logged().flags()).isEqualTo(reply.status() == 503 ? "UO" : "");
        }
    }

    @ParameterizedTest
    @CsvSource({"number.tries.test, true", "share.tries.test, true", "many.tries.test, false"})
    void triesMoreThanTheRuleAllowsAtOnceAreNotMade(String host, boolean limited) throws Exception {
        App server = bench.apps().at("10.67.1.1", 80);
        CountDownLatch all = new CountDownLatch(3);
        AtomicInteger asked = new AtomicInteger();
        Held again = new Held();
        // The first tries fail together, and whatever is tried again takes until the others were told.
        server.behave(request -> {
            if (asked.incrementAndGet() > 3) {
                return again.answer(request);
            }
            all.countDown();
            try {
                all.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return App.Answer.status(500);
        });
        List<Reply> replies = Together.ask(
                3,
                () -> bench.checked(bench.get(host, 80, "/")),
                told -> limited ? told == 2 : again.askers() == 3,
                again::letGo);
        assertThat(replies.stream().filter(reply -> reply.status() == 200).count())
                .isEqualTo(limited ? 1 : 3);
        assertThat(bench.stat("cluster.outbound|80||" + host + ".upstream_rq_retry_overflow"))
                .isEqualTo(limited ? 2 : 0);
    }

    @Test
    void aConnectionWithoutRequestsIsClosed() throws Exception {
        assertThat(bench.checked(bench.get("times.test", 82, "/")).status()).isEqualTo(200);
        String active = "cluster.outbound|82||times.test.upstream_cx_active";
        assertThat(Waiting.until(() -> bench.stat(active), count -> count == 0)).isZero();
        assertThat(bench.stat("cluster.outbound|82||times.test.upstream_cx_idle_timeout"))
                .isPositive();
    }
}
