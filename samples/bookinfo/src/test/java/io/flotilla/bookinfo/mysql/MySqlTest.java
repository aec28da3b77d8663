package io.flotilla.bookinfo.mysql;

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
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class MySqlTest {
    private static final String NEWEST = "SELECT name, message FROM guestbook ORDER BY id DESC LIMIT 100";

    private Running server;
    private Place place;

    @BeforeEach
    void start() throws IOException {
        server = SocketServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new MySqlServer("secret"));
        place = new Place("127.0.0.1", server.port());
    }

    @AfterEach
    void stop() {
        server.drain(Calls.AT_ONCE);
    }

    private MySqlClient client(String password) {
        return new MySqlClient(place, "root", password, "guestbook");
    }

    private static String insert(String name, String message) {
        return "INSERT INTO guestbook (name, message) VALUES (" + MySqlClient.quoted(name) + ", "
                + MySqlClient.quoted(message) + ")";
    }

    @Test
    void itSpeaksFirst() throws IOException {
        byte[] greeting = place.ask(Duration.ofSeconds(30), (in, out) -> in.readNBytes(5));

        assertThat(greeting[4]).as("protocol").isEqualTo((byte) 10);
        assertThat(greeting[3]).as("sequence").isZero();
    }

    /** SHA1('password') and so on, worked out by another SHA-1 for the salt 1..20. */
    @Test
    void aPasswordIsProvedAsMySqlDoesIt() {
        byte[] salt = new byte[20];
        for (int i = 0; i < salt.length; i++) {
            salt[i] = (byte) (i + 1);
        }

        assertThat(HexFormat.of().formatHex(NativePassword.proof("password", salt)))
                .isEqualTo("c17d6009a5cb47e59f7483fcf05553bbbf7dd0d6");
        assertThat(NativePassword.proof("", salt)).isEmpty();
    }

    @Test
    void entriesComeBackNewestFirst() throws IOException {
        client("secret").run("CREATE TABLE IF NOT EXISTS guestbook (id INT)", insert("Ann", "first"));
        Rows rows = client("secret").run(insert("Bob", "second"), NEWEST);

        assertThat(rows.columns()).containsExactly("name", "message");
        assertThat(rows.rows()).containsExactly(List.of("Bob", "second"), List.of("Ann", "first"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'Brien",
                "back\\slash",
                "\\'",
                "'); DROP TABLE guestbook; --",
                "日本語 🙂",
                "two\nlines",
                "''",
                "$1 \\0"
            })
    void whatIsWrittenIsWhatIsRead(String text) throws IOException {
        assertThat(client("secret").run(insert(text, "m" + text), NEWEST).rows())
                .containsExactly(List.of(text, "m" + text));
    }

    @Test
    void longEntriesAreWhole() throws IOException {
        String text = "long'\\".repeat(20_000);

        assertThat(client("secret").run(insert("x", text), NEWEST).rows()).containsExactly(List.of("x", text));
    }

    @Test
    void whoeverDoesNotKnowThePasswordIsTurnedAway() {
        for (String wrong : List.of("", "Secret")) {
            assertThatThrownBy(() -> client(wrong).run(NEWEST))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("1045")
                    .hasMessageContaining("Access denied for user 'root'");
        }
    }

    @Test
    void anotherStatementIsAnErrorAndTheConnectionGoesOn() {
        assertThatThrownBy(() -> client("secret").run("DROP TABLE guestbook"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1064")
                .hasMessageContaining("the statements of the guestbook only");
    }

    @Test
    void whoOnlyLooksWhetherThePortIsOpenIsNoTrouble() throws IOException {
        byte[] some = place.ask(Duration.ofSeconds(30), (in, out) -> in.readNBytes(1));

        assertThat(new String(some, StandardCharsets.UTF_8)).isNotEmpty();
    }
}
