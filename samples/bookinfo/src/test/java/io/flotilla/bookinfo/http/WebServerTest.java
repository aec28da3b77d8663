package io.flotilla.bookinfo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.bookinfo.Calls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WebServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aRequestUnderWayIsAnsweredBeforeTheServerCloses() throws IOException, InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        WebServer server = WebServer.start(ANY_PORT, request -> {
            begun.countDown();
            await(go);
            return Response.text(200, "done");
        });
        AtomicReference<Reply> reply = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> reply.set(ask(server)));
        begun.await();
        Thread drain = Thread.ofVirtual().start(() -> server.drain(new Drain(Duration.ZERO, PATIENCE)));
        go.countDown();
        caller.join();
        drain.join();

        assertThat(reply.get()).isEqualTo(new Reply.Answer(200, "done"));
        assertThat(ask(server)).isInstanceOf(Reply.Unreachable.class);
    }

    @Test
    void whileItDrainsItStillServesAndAsksClientsToLeave() throws IOException, InterruptedException {
        WebServer server = WebServer.start(ANY_PORT, request -> Response.text(200, "here"));
        Thread drain = Thread.ofVirtual().start(() -> server.drain(new Drain(PATIENCE, PATIENCE)));
        String answer;
        do {
            answer = raw(server.port());
        } while (!answer.contains("Connection: close"));
        drain.interrupt();
        drain.join();

        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("here");
    }

    @Test
    void anApplicationsMistakeIsAnAnswerOf500() throws IOException {
        WebServer server = WebServer.start(ANY_PORT, request -> {
            throw new IllegalStateException("a mistake");
        });
        assertThat(ask(server)).isEqualTo(new Reply.Answer(500, "{\"error\":\"internal error\"}"));
        server.drain(Calls.AT_ONCE);
    }

    @Test
    void aServiceThatDoesNotAnswerInTimeIsUnreachable() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        WebServer server = WebServer.start(ANY_PORT, request -> {
            await(go);
            return Response.text(200, "late");
        });
        Reply reply = Upstream.at("127.0.0.1", server.port(), "").get("/", Map.of(), Duration.ofMillis(50));
        go.countDown();
        server.drain(Calls.AT_ONCE);

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Unreachable.class, u -> assertThat(u.reason()).containsIgnoringCase("timed out"));
    }

    @Test
    void aProxyIsAskedForTheWholeUrl() throws IOException {
        AtomicReference<String> host = new AtomicReference<>("");
        WebServer proxy = WebServer.start(ANY_PORT, request -> {
            host.set(request.header("Host").orElse(""));
            return Response.text(200, request.path());
        });
        Reply reply = Upstream.at("reviews.nowhere.invalid", 9080, "http://127.0.0.1:" + proxy.port())
                .get("/reviews/0", Map.of(), PATIENCE);
        proxy.drain(Calls.AT_ONCE);

        assertThat(reply).isEqualTo(new Reply.Answer(200, "/reviews/0"));
        assertThat(host.get()).isEqualTo("reviews.nowhere.invalid:9080");
    }

    private static Reply ask(WebServer server) {
        return Upstream.at("127.0.0.1", server.port(), "").get("/", Map.of(), PATIENCE);
    }

    /** One request on a connection of its own; the answer up to what the server sends within its length. */
    private static String raw(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                answer.append(line).append('\n');
            }
            char[] body = new char[4];
            for (int read = 0; read < body.length; ) {
                read += in.read(body, read, body.length - read);
            }
            return answer.append(body).toString();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
