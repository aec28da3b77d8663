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
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An edge behind a balancer, and what it believes of those who call: behaviour/announced.yaml. */
class AnnouncedEdgeBehaviourTest {
    private static final String HOST = "web.example.com";
    private static Workbench bench;

    @BeforeAll
    static void start() throws IOException {
        bench = Workbench.start(
                MeshFiles.files(Path.of("src/test/resources/behaviour/announced.yaml")), Proxies.ingress());
    }

    @AfterAll
    static void stop() {
        if (bench != null) {
            bench.close();
        }
    }

    private static Call from(String address) {
        return Call.get(HOST, 8080, "/").from(address);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, '', 200, 198.51.100.7",
        "198.51.100.7, 203.0.113.9, 200, '203.0.113.9,198.51.100.7'",
        "203.0.113.9, '', 403, ''",
        "203.0.113.9, 198.51.100.7, 403, ''",
        "198.51.100.200, '', 200, 198.51.100.200",
    })
    void theClientIsWhomTheBalancerAnnounces(String address, String claim, int status, String told) throws IOException {
        Call call = from(address);
        Reply reply = bench.checkedAnnounced(claim.isEmpty() ? call : call.with("x-forwarded-for", claim));
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.seenHeaders().getOrDefault("x-forwarded-for", "")).isEqualTo(told);
    }

    @Test
    void whoIsNotAnnouncedIsNotServed() throws IOException {
        try (Socket socket = bench.edge(8080)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nhost: " + HOST + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            // Closed with what it had sent unread.
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7", "10.44.3.3"})
    void nobodyOutsideTellsTheEdgeHowToTry(String address) throws IOException {
        App web = bench.apps().one("10.92.0.1:80");
        web.behave(request -> request.line().contains("/failing") ? App.Answer.status(503) : App.Answer.after(300));
        try {
            Reply patient = bench.checkedAnnounced(from(address).with("x-envoy-upstream-rq-timeout-ms", "50"));
            assertThat(patient.status()).isEqualTo(200);
            assertThat(patient.seenHeaders())
                    .doesNotContainKeys("x-envoy-upstream-rq-timeout-ms", "x-envoy-internal")
                    .containsEntry("x-envoy-external-address", address);
            Reply failed = bench.checkedAnnounced(Call.get(HOST, 8080, "/failing")
                    .from(address)
                    .with("x-envoy-retry-on", "5xx")
                    .with("x-envoy-max-retries", "3"));
            assertThat(failed.status()).isEqualTo(503);
            assertThat(failed.logged().attempts()).isEqualTo(1);
        } finally {
            web.behave(request -> App.Answer.OK);
        }
    }

    private static Socket announcing(String text) throws IOException {
        Socket socket = bench.edge(8080);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("PROXY TCP4 198.51.100.7 192.0.2.1 4000 8080\r\n" + text).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void http10IsAnswered() throws IOException {
        assertThat(bench.checkedAnnounced(from("198.51.100.7").old()).status()).isEqualTo(200);
        try (Socket socket = announcing("GET /old HTTP/1.0\r\nhost: " + HOST + "\r\n\r\n")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.0 200 ").contains("GET /old HTTP/1.1");
        }
    }

    @Test
    void websocketsPass() throws IOException {
        Call asking = from("198.51.100.7").with("connection", "Upgrade");
        assertThat(bench.checkedAnnounced(asking.with("upgrade", "websocket")).status())
                .isEqualTo(101);
        assertThat(bench.checkedAnnounced(asking.with("upgrade", "telnet")).status())
                .isEqualTo(403);
        try (Socket socket = announcing(
                "GET /socket HTTP/1.1\r\nhost: " + HOST + "\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n")) {
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
