package io.flotilla.e2e.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection that hides nothing: no pool, no retry, so that a client's count of failures is the truth.
 */
public final class HttpConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean usable = true;

    private HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    public static HttpConnection open(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return new HttpConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** One call on a connection of its own. */
    public static Answer once(Call call) {
        long start = System.nanoTime();
        try (HttpConnection connection = open(call.host(), call.port())) {
            return connection.send(call.with("Connection", "close"));
        } catch (IOException e) {
            return new Answer(0, "", Instant.now() + ": " + e, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Whether the server left the connection open after the last answer. */
    public boolean usable() {
        return usable;
    }

    public Answer send(Call call) throws IOException {
        long start = System.nanoTime();
        StringBuilder request = new StringBuilder("GET ").append(call.path()).append(" HTTP/1.1\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", call.host() + ":" + call.port());
        headers.putAll(call.headers());
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        int status = Integer.parseInt(line("its status").split(" ", 3)[1]);
        Map<String, String> answer = headers();
        usable = !"close".equalsIgnoreCase(answer.getOrDefault("connection", ""));
        byte[] body = "chunked".equalsIgnoreCase(answer.getOrDefault("transfer-encoding", ""))
                ? chunks()
                : exactly(Integer.parseInt(answer.getOrDefault("content-length", "0")));
        return new Answer(
                status, new String(body, StandardCharsets.UTF_8), "", Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line("its headers"); !line.isEmpty(); line = line("its headers")) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return headers;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(exactly(size));
            line("the end of a chunk");
        }
        line("the last chunk");
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line("a chunk").trim(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line(String due) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed where " + due + " was due");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
