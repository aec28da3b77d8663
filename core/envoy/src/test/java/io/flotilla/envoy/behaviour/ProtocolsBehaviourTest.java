package io.flotilla.envoy.behaviour;

import static io.flotilla.envoy.behaviour.ConnectionsBehaviourTest.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.mesh.MeshFiles;
import io.flotilla.envoy.mesh.Proxies;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.App;
import io.flotilla.envoy.workbench.Reply;
import io.flotilla.envoy.workbench.Workbench;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is spoken on a port: behaviour/protocols.yaml. */
class ProtocolsBehaviourTest {
    private static final String KINDS = "10.96.9.1";
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/protocols.yaml")),
                Proxies.sidecar("client", "v1"));
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8001, 8011, 8012, 8016, 8018})
    void requestsAreRouted(int port) throws IOException {
        Reply reply = bench.checked(bench.get("kinds", port, "/"));
        assertThat(reply.app()).startsWith("kinds");
        assertThat(reply.seenLine()).isEqualTo("GET / HTTP/1.1");
        assertThat(reply.logged().route()).isEqualTo("routed");
    }

    @ParameterizedTest
    @CsvSource({"kinds, 8002", "kinds, 8003", "kinds, 8004", "kinds, 8013", "upgraded, 8101", "upgraded, 8102"})
    void requestsGoOutAsHttp2(String host, int port) throws IOException {
        long before = preambles();
        bench.checked(bench.get(host, port, "/"));
        assertThat(preambles()).isGreaterThan(before);
    }

    @Test
    void aPortIsNotUpgradedThatSaysSo() throws IOException {
        assertThat(bench.checked(bench.get("upgraded", 8103, "/")).seenLine()).isEqualTo("GET / HTTP/1.1");
    }

    @Test
    void theServerIsSpokenToAsTheClientSpeaksWhereTheRuleSaysSo() throws Exception {
        assertThat(bench.checked(bench.get("following", 8201, "/")).seenLine()).isEqualTo("GET / HTTP/1.1");
        long before = preambles();
        askInHttp2("kinds", 8001);
        assertThat(preambles()).as("a port of HTTP/1.1 without such a rule").isEqualTo(before);
        askInHttp2("following", 8201);
        assertThat(preambles()).isEqualTo(before + 1);
    }

    /** A request by a client that knows beforehand that it may speak HTTP/2; returns when an application has it. */
    private static void askInHttp2(String host, int port) throws Exception {
        int before = seen();
        try (Socket socket = bench.connect(bench.get(host, port, "/").to())) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // Empty SETTINGS; then HEADERS of stream 1, which end it: GET, http, "/" by index, and the authority.
            request.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            request.writeBytes(new byte[] {0, 0, (byte) (5 + host.length()), 1, 5, 0, 0, 0, 1});
            request.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, (byte) host.length()});
            request.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(request.toByteArray());
            assertThat(Waiting.until(ProtocolsBehaviourTest::seen, now -> now > before))
                    .isGreaterThan(before);
        }
    }

    private static int seen() {
        return bench.apps().named("kinds").stream()
                .mapToInt(app -> app.requests().size())
                .sum();
    }

    private static long preambles() {
        return bench.apps().named("kinds").stream()
                .flatMap(app -> app.requests().stream())
                .filter(request -> request.line().startsWith("PRI * HTTP/2"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {8005, 8006, 8007, 8008, 8009, 8010, 8011, 8014, 8015})
    void connectionsPassAsTheyAre(int port) throws IOException {
        assertThat(bench.told(connection(KINDS, port), "hello")).endsWith(" heard hello");
        assertThat(bench.told(connection(KINDS, port).tls("inner.test"), "hello"))
                .endsWith(" heard hello as inner.test");
    }

    @Test
    void requestsOnAPortThatSaysTcpAreNotLookedAt() throws IOException {
        Call call = bench.get("kinds", 8007, "/");
        try (Socket socket = bench.connect(call.to())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat((char) socket.getInputStream().read()).isEqualTo('H');
        }
        assertThat(bench.lastTo("outbound|8007||kinds.default.svc.cluster.local")
                        .code())
                .isZero();
        assertThat(bench.apps().named("kinds").stream().flatMap(app -> app.requests().stream()))
                .noneMatch(request -> request.line().equals("GET / HTTP/1.1")
                        && "x".equals(request.headers().get("host"))
                        && request.headers().containsKey("x-request-id"));
    }

    @Test
    void tlsIsNoRequest() throws IOException {
        assertThat(bench.told(connection(KINDS, 8012), "nothing of HTTP")).contains("400");
    }

    @Test
    void udpHasNoListenerAndNoCluster() {
        assertThat(bench.resources().listeners())
                .noneMatch(listener -> listener.getName().endsWith("_8017"));
        assertThat(bench.resources().clusters())
                .noneMatch(cluster -> cluster.getName().contains("|8017|"));
    }

    @ParameterizedTest
    @ValueSource(ints = {8007, 8009, 8011})
    void theServerMaySpeakFirst(int port) throws IOException {
        List<App> apps = bench.apps().named("kinds");
        apps.forEach(app -> app.greet("welcome"));
        try {
            assertThat(bench.told(connection(KINDS, port), "")).isEqualTo("welcome");
        } finally {
            apps.forEach(app -> app.greet(""));
        }
    }

    @Test
    void aServerLearnsByProxyProtocolWhoCalls() throws IOException {
        assertThat(bench.told(connection("10.96.9.3", 9001).from("10.44.3.3"), "hello"))
                .startsWith("announced")
                .contains(" heard PROXY TCP4 10.44.3.3 10.96.9.3 ");
    }

    @Test
    void http10IsAnswered() throws IOException {
        Call call = bench.get("kinds", 8001, "/old");
        assertThat(bench.checked(call.old()).status()).isEqualTo(200);
        try (Socket socket = bench.connect(call.to())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /old HTTP/1.0\r\nhost: kinds\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.0 200 ").contains("GET /old HTTP/1.1");
        }
    }
}
