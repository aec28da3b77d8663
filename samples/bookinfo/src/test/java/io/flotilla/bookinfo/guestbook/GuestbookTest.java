package io.flotilla.bookinfo.guestbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.flotilla.bookinfo.Calls;
import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.http.Running;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.http.WebServer;
import io.flotilla.bookinfo.mysql.MySqlClient;
import io.flotilla.bookinfo.mysql.MySqlServer;
import io.flotilla.bookinfo.redis.RedisClient;
import io.flotilla.bookinfo.redis.RedisServer;
import io.flotilla.bookinfo.socket.Place;
import io.flotilla.bookinfo.socket.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page with everything behind it, on loopback ports. */
@Timeout(120)
class GuestbookTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Deque<Running> servers = new ArrayDeque<>();
    private Running redis;
    private Running service;
    private GuestbookPage page;

    @BeforeEach
    void start() throws IOException {
        Running mysql = run(SocketServer.start(ANY_PORT, new MySqlServer("secret")));
        redis = run(SocketServer.start(ANY_PORT, new RedisServer()));
        service = web(new GuestbookService(
                new MySqlClient(new Place("127.0.0.1", mysql.port()), "root", "secret", "guestbook")));
        Running greeting = web(new Greeting(new Instance("hello-0", "null", "1.0")));
        page = page(service.port(), greeting.port(), redis.port());
    }

    private static GuestbookPage page(int service, int greeting, int redis) {
        return new GuestbookPage(new Backends(
                Upstream.at("127.0.0.1", service, ""),
                Upstream.at("127.0.0.1", greeting, ""),
                new RedisClient(new Place("127.0.0.1", redis))));
    }

    private Running web(Handler handler) throws IOException {
        return run(WebServer.start(ANY_PORT, handler));
    }

    private Running run(Running server) {
        servers.push(server);
        return server;
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.drain(Calls.AT_ONCE));
    }

    private static Request withCookie(Response before) {
        Headers headers = new Headers();
        String cookie = before.headers().getOrDefault("Set-Cookie", "");
        headers.add("Cookie", cookie.substring(0, cookie.indexOf(';')));
        return new Request("GET", "/", "", headers, "", "127.0.0.1");
    }

    @Test
    void anEntryIsStoredAndItsWriterGreeted() {
        assertThat(page.answer(Calls.get("/")).body()).contains("<form").doesNotContain("<li>", "Hello", "unavailable");

        Response written = page.answer(Calls.post("/greet", "name=Ann+Lee&message=So+nice+%3Chere%3E"));

        assertThat(written.status()).isEqualTo(302);
        assertThat(page.answer(withCookie(written)).body())
                .contains("<li>Ann Lee: So nice &lt;here&gt;</li>")
                .contains("Hello Ann Lee from hello-0 with 1.0")
                .doesNotContain("unavailable");
        assertThat(page.answer(Calls.get("/")).body())
                .as("to another browser")
                .contains("<li>Ann Lee")
                .doesNotContain("Hello");
    }

    /** Another replica of the page knows the session. */
    @Test
    void theNameIsInRedisNotInThePage() {
        Response written = page.answer(Calls.post("/greet", "name=Bob&message=hi"));
        assertThat(written.headers().get("Set-Cookie")).doesNotContain("Bob");

        GuestbookPage replica = page(service.port(), servers.getFirst().port(), redis.port());
        assertThat(replica.answer(withCookie(written)).body()).contains("Hello Bob from hello-0");
    }

    @Test
    void whatCannotBeHadIsSaidInItsPlace() throws IOException {
        Response written = page.answer(Calls.post("/greet", "name=Cy&message=hi"));
        GuestbookPage forgetful = page(service.port(), servers.getFirst().port(), nobody());
        assertThat(forgetful.answer(withCookie(written)).body())
                .contains("Sessions unavailable", "<li>Cy: hi</li>")
                .doesNotContain("Hello");

        Running cut = web(
                new GuestbookService(new MySqlClient(new Place("127.0.0.1", nobody()), "root", "secret", "guestbook")));
        GuestbookPage empty = page(cut.port(), servers.getFirst().port(), redis.port());
        assertThat(empty.answer(Calls.get("/")).body()).contains("Guestbook unavailable: status 503");
        assertThat(empty.answer(Calls.post("/greet", "name=Di&message=hi")).status())
                .isEqualTo(503);
    }

    /** A port on which nobody listens. */
    private static int nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatIsNoEntryIsRefused() {
        assertThat(page.answer(Calls.post("/greet", "name=&message=hi")).status())
                .isEqualTo(400);
        assertThat(page.answer(Calls.post("/greet", "name=a&message=" + "x".repeat(501)))
                        .status())
                .isEqualTo(400);
        assertThat(page.answer(Calls.get("/greet")).status()).isEqualTo(405);
        assertThat(page.answer(Calls.get("/")).body()).doesNotContain("<li>");
    }
}
