package io.flotilla.envoy.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A local port that passes every connection on. */
public final class Relay implements AutoCloseable {
    /** Opens the other side. */
    @FunctionalInterface
    public interface Opener {
        Socket open() throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Opener opener;

    public Relay(Opener opener) throws IOException {
        this.opener = opener;
        Thread.ofVirtual().start(this::serve);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                join(server.accept(), opener.open());
            } catch (IOException e) {
                // Closed, or the other side does not take it: the client sees the end of its connection.
            }
        }
    }

    /** Copies both ways until one side ends. */
    static void join(Socket one, Socket other) throws IOException {
        InputStream fromOne = one.getInputStream();
        InputStream fromOther = other.getInputStream();
        OutputStream toOne = one.getOutputStream();
        OutputStream toOther = other.getOutputStream();
        Thread.ofVirtual().start(() -> copy(fromOne, toOther, one, other));
        Thread.ofVirtual().start(() -> copy(fromOther, toOne, one, other));
    }

    private static void copy(InputStream in, OutputStream out, Socket one, Socket other) {
        try (one;
                other) {
            byte[] buffer = new byte[8_192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            // One side is gone, so both are.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
