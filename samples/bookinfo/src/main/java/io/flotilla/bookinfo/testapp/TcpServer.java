package io.flotilla.bookinfo.testapp;

import io.flotilla.bookinfo.http.Activity;
import io.flotilla.bookinfo.http.Running;
import io.flotilla.bookinfo.socket.SocketServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Sends every line back. With a greeting it speaks first, like a mail or database server: a proxy that waits for the
 * client's first bytes before it decides anything would wait for ever.
 *
 * @param greeting sent as soon as a client connects; may be empty
 * @param prefix   put before every line sent back
 */
public record TcpServer(String greeting, String prefix) implements SocketServer.Conversation {
    /** Listens and serves. */
    public static Running start(InetSocketAddress address, String greeting, String prefix) throws IOException {
        return SocketServer.start(address, new TcpServer(greeting, prefix));
    }

    @Override
    public void hold(InputStream input, OutputStream out, Activity turn) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        say(out, greeting, turn);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(out, prefix + line + "\n", turn);
        }
    }

    private static void say(OutputStream out, String text, Activity turn) throws IOException {
        turn.begins();
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            turn.ends();
        }
    }
}
