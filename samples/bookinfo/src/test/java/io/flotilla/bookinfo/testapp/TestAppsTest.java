package io.flotilla.bookinfo.testapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.flotilla.bookinfo.Calls;
import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TestAppsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Instance INSTANCE = new Instance("echo-0", "null", "v2");

    @Test
    void echoTellsWhatArrived() {
        Headers headers = new Headers();
        headers.add("x-forwarded-client-cert", "By=a;URI=b");
        Request request = new Request("PUT", "/any/where", "a=b", headers, "text", "127.0.0.1");

        assertThat(new Echo(INSTANCE, OptionalInt.empty()).answer(request).body())
                .contains("\"method\":\"PUT\"", "\"path\":\"/any/where\"", "\"query\":\"a=b\"", "\"data\":\"text\"")
                .contains("\"X-Forwarded-Client-Cert\":\"By=a;URI=b\"", "\"podname\":\"echo-0\"");
    }

    @Test
    void echoAnswersWithTheStatusAskedFor() {
        Echo echo = new Echo(INSTANCE, OptionalInt.empty());

        assertThat(echo.answer(Calls.get("/status/503")).status()).isEqualTo(503);
        assertThat(echo.answer(Calls.get("/status/teapot")).status()).isEqualTo(400);
        assertThat(echo.answer(Calls.get("/status/9")).status()).isEqualTo(400);
        assertThat(echo.answer(Calls.get("/health")).status()).isEqualTo(200);
        assertThat(echo.answer(Calls.get("/")).status()).isEqualTo(200);
    }

    @Test
    void echoThatIsToFailFailsButSaysThatItIsHealthy() {
        Echo echo = new Echo(INSTANCE, OptionalInt.of(503));

        assertThat(echo.answer(Calls.get("/status/200")).status()).isEqualTo(503);
        assertThat(echo.answer(Calls.get("/")).body()).contains("\"podname\":\"echo-0\"");
        assertThat(echo.answer(Calls.get("/")).status()).isEqualTo(503);
        assertThat(echo.answer(Calls.get("/health")).status()).isEqualTo(200);
    }

    @Test
    void echoWaitsAsLongAsAskedTo() {
        long start = System.nanoTime();

        assertThat(new Echo(INSTANCE, OptionalInt.empty())
                        .answer(Calls.get("/delay/0.05"))
                        .status())
                .isEqualTo(200);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void echoSaysWhatAPathSaysInBase64() {
        Echo echo = new Echo(INSTANCE, OptionalInt.empty());

        assertThat(echo.answer(Calls.get("/base64/eyJrZXlzIjpbXX0")).body()).isEqualTo("{\"keys\":[]}");
        assertThat(echo.answer(Calls.get("/base64/!")).status()).isEqualTo(400);
    }

    @Test
    void helloNamesVersionAndPod() {
        assertThat(new HelloWorld(INSTANCE).answer(Calls.get("/hello")).body())
                .isEqualTo("Hello version: v2, instance: echo-0\n");
    }

    @Test
    void theGreeterSpeaksFirstThenEchoes() throws IOException {
        Running server = TcpServer.start(ANY_PORT, "220 hello\n", "");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            BufferedReader in = reader(socket);
            assertThat(in.readLine()).isEqualTo("220 hello");
            socket.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("one");
            assertThat(in.readLine()).isEqualTo("two");
        }
        server.drain(Calls.AT_ONCE);
    }

    @Test
    void theEchoPutsItsPrefixBeforeEachLine() throws IOException {
        Running server = TcpServer.start(ANY_PORT, "", "hello ");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("world\n".getBytes(StandardCharsets.UTF_8));
            assertThat(reader(socket).readLine()).isEqualTo("hello world");
        }
        server.drain(Calls.AT_ONCE);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
