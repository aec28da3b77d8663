package io.flotilla.bookinfo.socket;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Where a server of plain TCP is. */
public record Place(String host, int port) {
    /** What is asked on one connection. */
    @FunctionalInterface
    public interface Question<A> {
        A ask(InputStream in, OutputStream out) throws IOException;
    }

    /**
     * Connects, asks, closes: a connection per question, so that a server that was replaced is no one's concern.
     *
     * @param timeout for the connection, and again for each wait for bytes
     */
    public <A> A ask(Duration timeout, Question<A> question) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return question.ask(
                    new BufferedInputStream(socket.getInputStream()),
                    new BufferedOutputStream(socket.getOutputStream()));
        }
    }
}
