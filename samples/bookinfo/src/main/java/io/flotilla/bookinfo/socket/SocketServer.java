package io.flotilla.bookinfo.socket;

import io.flotilla.bookinfo.http.Activity;
import io.flotilla.bookinfo.http.Drain;
import io.flotilla.bookinfo.http.Running;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Listens, and holds a conversation with each client on a virtual thread. */
public final class SocketServer implements Running {
    private static final int BACKLOG = 128;

    private final ServerSocket listener;
    private final Conversation conversation;
    private final Activity activity = new Activity();

    /** What is said on one connection. */
    @FunctionalInterface
    public interface Conversation {
        /**
         * Returns when it is over; the connection is closed then.
         *
         * @param turn begins and ends around each answer, so that a process that ends finishes what it says
         */
        void hold(InputStream in, OutputStream out, Activity turn) throws IOException;
    }

    private SocketServer(ServerSocket listener, Conversation conversation) {
        this.listener = listener;
        this.conversation = conversation;
    }

    public static SocketServer start(InetSocketAddress address, Conversation conversation) throws IOException {
        ServerSocket listener = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
        SocketServer server = new SocketServer(listener, conversation);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void drain(Drain drain) {
        activity.awaitQuiet(drain);
        try {
            listener.close();
        } catch (IOException e) {
            System.err.println("closing port " + port() + ": " + e.getMessage());
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    System.err.println("accepting on port " + port() + ": " + e.getMessage());
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            conversation.hold(
                    new BufferedInputStream(socket.getInputStream()),
                    new BufferedOutputStream(socket.getOutputStream()),
                    activity);
        } catch (IOException e) {
            System.err.println("a client went away: " + e.getMessage());
        }
    }
}
