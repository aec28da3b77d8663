package io.flotilla.citadel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One plaintext connection to a sidecar. */
final class Line implements AutoCloseable {
    /** For an answer; a machine busy with other tests takes seconds for a handshake. */
    static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader answers;

    Line(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The server's answer; "closed" where the connection is over. */
    String ask() throws IOException {
        socket.getOutputStream().write('\n');
        String answer = answers.readLine();
        return answer == null ? "closed" : answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
