package io.flotilla.bookinfo.testapp;

import io.flotilla.bookinfo.http.Activity;
import io.flotilla.bookinfo.http.Drain;
import io.flotilla.bookinfo.http.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Sends every line back. With a greeting it speaks first, like a mail or database server: a proxy that waits for the
 * client's first bytes before it decides anything would wait for ever.
 */
public final class TcpServer implements Running {
    private final ServerSocket listener;
    private final String greeting;
    private final String prefix;
    private final Activity activity = new Activity();

    private TcpServer(ServerSocket listener, String greeting, String prefix) {
        this.listener = listener;
        this.greeting = greeting;
        this.prefix = prefix;
    }

    /**
     * Listens and serves.
     *
     * @param greeting sent as soon as a client connects; may be empty
     * @param prefix put before every line sent back
     */
    public static TcpServer start(InetSocketAddress address, String greeting, String prefix) throws IOException {
        ServerSocket listener = new ServerSocket(address.getPort(), 128, address.getAddress());
        TcpServer server = new TcpServer(listener, greeting, prefix);
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
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            say(out, greeting);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                say(out, prefix + line + "\n");
            }
        } catch (IOException e) {
            System.err.println("a client went away: " + e.getMessage());
        }
    }

    private void say(OutputStream out, String text) throws IOException {
        activity.begins();
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            activity.ends();
        }
    }
}
