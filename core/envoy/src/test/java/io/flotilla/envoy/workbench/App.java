package io.flotilla.envoy.workbench;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An application: tells its name and what it got, over HTTP/1.1, TLS, websockets, or line by line over TCP. HTTP/2 it
 * passes on to a server of the test.
 */
public final class App implements AutoCloseable {
    /** The header of answers that holds the application's name. */
    public static final String NAME_HEADER = "x-app";

    private static final int TLS_HANDSHAKE = 0x16;

    private final Identity identity;
    private final Keys keys;
    private final ServerSocket server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour = request -> Answer.OK;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int http2;
    private volatile String greeting = "";
    private volatile Relay.@Nullable Opener behind;

    App(Identity identity, Keys keys) throws IOException {
        this(identity, keys, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private App(Identity identity, Keys keys, InetSocketAddress address) throws IOException {
        this.server = new ServerSocket(address.getPort(), 200, address.getAddress());
        this.identity = identity;
        this.keys = keys;
        Thread.ofVirtual().start(this::serve);
    }

    /** One behind no endpoint, for callers that go where they ask for. */
    public static App alone(String name, String address, Keys keys) throws IOException {
        return alone(name, address, 0, keys);
    }

    /** The same on a port that is given. */
    public static App alone(String name, String address, int port, Keys keys) throws IOException {
        return new App(
                new Identity(name, "spiffe://outside.test/" + name),
                keys,
                new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    /**
     * Who it is.
     *
     * @param name  of the pod, or its address and port
     * @param spiffe that its certificate says
     */
    public record Identity(String name, String spiffe) {}

    /** What an application got. */
    public record Request(String line, Map<String, String> headers, String body, Tls tls) {}

    /**
     * What a caller showed in TLS; empty in plaintext.
     *
     * @param sni  the server's name that it asked for
     * @param peer the first URI of its certificate
     */
    public record Tls(String sni, String peer) {
        static final Tls NONE = new Tls("", "");
    }

    /**
     * What it answers.
     *
     * @param status  0: it closes the connection without an answer
     * @param millis  that it waits before
     */
    public record Answer(int status, Map<String, String> headers, int millis) {
        public static final Answer OK = status(200);

        public static Answer status(int status) {
            return new Answer(status, Map.of(), 0);
        }

        public static Answer after(int millis) {
            return new Answer(200, Map.of(), millis);
        }
    }

    /** How it decides. */
    @FunctionalInterface
    public interface Behaviour {
        Answer answer(Request request);
    }

    public String name() {
        return identity.name();
    }

    /** From now on it answers so. */
    public void behave(Behaviour other) {
        behaviour = other;
    }

    /** HTTP/2 goes to this local port. */
    public void http2(int port) {
        http2 = port;
    }

    /** It speaks first: this line, as soon as somebody connects. */
    public void greet(String line) {
        greeting = line;
    }

    /** It is only a way to something else: every connection is passed on as it is. */
    public void leadTo(Relay.Opener other) {
        behind = other;
    }

    /** All requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many connections came so far. */
    public int connections() {
        return connections.get();
    }

    /** On which it really listens. */
    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void converse(Socket socket) {
        Relay.Opener other = behind;
        if (other != null) {
            pass(socket, other);
            return;
        }
        try (socket) {
            if (!greeting.isEmpty()) {
                socket.getOutputStream().write((greeting + "\n").getBytes(StandardCharsets.UTF_8));
            }
            int first = socket.getInputStream().read();
            if (first < 0) {
                return;
            }
            ByteArrayInputStream consumed = new ByteArrayInputStream(new byte[] {(byte) first});
            if (first == TLS_HANDSHAKE) {
                try (SSLSocket tls = keys.server(socket, consumed, identity.spiffe())) {
                    tls.startHandshake();
                    lines(tls, new BufferedInputStream(tls.getInputStream()), Keys.shown(tls));
                }
            } else {
                lines(socket, new java.io.SequenceInputStream(consumed, socket.getInputStream()), Tls.NONE);
            }
        } catch (IOException e) {
            // The other side is gone.
        }
    }

    private static void pass(Socket socket, Relay.Opener other) {
        try {
            Relay.join(socket, other.open());
        } catch (IOException e) {
            // Nobody is there: the caller sees the end of its connection.
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private void lines(Socket socket, InputStream in, Tls tls) throws IOException {
        for (String line = HttpWire.line(in); line != null; line = HttpWire.line(in)) {
            if (line.startsWith("PRI * HTTP/2")) {
                requests.add(new Request(line, Map.of(), "", tls));
                passOn(socket, in, line);
                return;
            } else if (!line.contains(" HTTP/1.")) {
                socket.getOutputStream()
                        .write((name() + " heard " + line + (tls.sni().isEmpty() ? "" : " as " + tls.sni()) + "\n")
                                .getBytes(StandardCharsets.UTF_8));
            } else if (!answered(socket, in, line, tls)) {
                return;
            }
        }
    }

    private void passOn(Socket socket, InputStream in, String line) throws IOException {
        Socket other = new Socket(InetAddress.getLoopbackAddress(), http2);
        other.getOutputStream().write(HttpWire.ascii(line + "\r\n"));
        Relay.join(other, socket);
        in.transferTo(other.getOutputStream());
    }

    private boolean answered(Socket socket, InputStream in, String line, Tls tls) throws IOException {
        HttpWire.Message message = HttpWire.rest(line, in, false);
        Request request = new Request(line, message.headers(), message.body(), tls);
        requests.add(request);
        Answer answer = behaviour.answer(request);
        pause(answer.millis());
        if (answer.status() == 0) {
            return false;
        }
        if (message.headers().containsKey("upgrade")) {
            head(socket, "101 Switching Protocols", Map.of("connection", "Upgrade", "upgrade", "websocket"));
            in.transferTo(socket.getOutputStream());
            return false;
        }
        byte[] body = echo(request).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.put("content-length", Integer.toString(body.length));
        head(socket, answer.status() + " Status", headers);
        if (!line.startsWith("HEAD ")) {
            socket.getOutputStream().write(body);
        }
        socket.getOutputStream().flush();
        return true;
    }

    private void head(Socket socket, String status, Map<String, String> headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\n" + NAME_HEADER + ": " + name() + "\r\n");
        headers.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(HttpWire.ascii(text.append("\r\n").toString()));
    }

    private static String echo(Request request) {
        StringBuilder text = new StringBuilder(request.line()).append("\n");
        request.headers()
                .forEach((key, value) ->
                        text.append(key).append(": ").append(value).append("\n"));
        return text.append("sni: ")
                .append(request.tls().sni())
                .append("\npeer: ")
                .append(request.tls().peer())
                .append("\n")
                .toString();
    }

    // Slow as the test has asked for, or until the test is over.
    private void pause(int millis) {
        if (millis > 0) {
            try {
                over.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
    }
}
