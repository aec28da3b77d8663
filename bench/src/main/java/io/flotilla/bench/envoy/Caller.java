package io.flotilla.bench.envoy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One kept-alive connection to Envoy that asks a host for its version. */
public final class Caller implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public Caller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** As soon as somebody listens there. */
    public static Caller connect(int port) throws IOException {
        Waiting.until("a listener on " + port, () -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return new Caller(port);
    }

    /** "STATUS BODY". */
    public String ask(String host) throws IOException {
        String request = "GET /version HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line().split(" ", -1)[1];
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring(16));
            }
        }
        return status + " " + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
