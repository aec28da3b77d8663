package io.flotilla.envoy.behaviour;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A local port whose queue of connections is full: Linux answers nobody who comes then, as if a firewall stood before it.
 */
final class FullServer implements AutoCloseable {
    private static final int NOT_TAKEN_MILLIS = 200;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> queue = new ArrayList<>();

    FullServer() throws IOException {
        while (taken()) {
            // There is room for more than the queue's nominal length.
        }
    }

    private boolean taken() throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), NOT_TAKEN_MILLIS);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queue) {
            socket.close();
        }
        server.close();
    }
}
