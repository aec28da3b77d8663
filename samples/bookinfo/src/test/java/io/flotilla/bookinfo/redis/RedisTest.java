package io.flotilla.bookinfo.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.bookinfo.Calls;
import io.flotilla.bookinfo.http.Running;
import io.flotilla.bookinfo.socket.Place;
import io.flotilla.bookinfo.socket.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RedisTest {
    private Running server;
    private Place place;

    @BeforeEach
    void start() throws IOException {
        server = SocketServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new RedisServer());
        place = new Place("127.0.0.1", server.port());
    }

    @AfterEach
    void stop() {
        server.drain(Calls.AT_ONCE);
    }

    @Test
    void aTextIsKeptUnderItsKey() throws IOException {
        RedisClient client = new RedisClient(place);
        assertThat(client.get("session:1")).isEmpty();

        client.set("session:1", "Zoë\r\nof Ghent");

        assertThat(client.get("session:1")).contains("Zoë\r\nof Ghent");
        assertThat(client.get("session:2")).isEmpty();
    }

    @Test
    void theWordsAreThoseOfRedis() throws IOException {
        assertThat(said("*1\r\n$4\r\nPING\r\n", 7)).isEqualTo("+PONG\r\n");
        assertThat(said("*3\r\n$3\r\nset\r\n$1\r\na\r\n$2\r\nbc\r\n*2\r\n$3\r\nget\r\n$1\r\na\r\n", 13))
                .isEqualTo("+OK\r\n$2\r\nbc\r\n");
        assertThat(said("*2\r\n$3\r\nDEL\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n", 9))
                .isEqualTo(":1\r\n$-1\r\n");
    }

    @Test
    void whatItDoesNotKnowIsAnError() {
        assertThatThrownBy(() -> place.ask(Duration.ofSeconds(30), (in, out) -> {
                    Resp.command(out, java.util.List.of("FLUSHALL"));
                    return Resp.answer(in);
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there are PING, SET, GET, DEL");
    }

    private String said(String words, int bytes) throws IOException {
        return place.ask(Duration.ofSeconds(30), (in, out) -> {
            out.write(words.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        });
    }
}
