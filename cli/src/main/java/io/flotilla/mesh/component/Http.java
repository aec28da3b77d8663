package io.flotilla.mesh.component;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Short questions to management ports. */
public final class Http {
    private static final int TIMEOUT_MILLIS = 2000;

    private Http() {}

    /** The status of whatever answers; empty where nobody does. */
    public static Optional<Integer> status(String host, int port, String path) {
        try {
            HttpURLConnection connection = open(host, port, path);
            connection.setInstanceFollowRedirects(false);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status < 0 ? Optional.empty() : Optional.of(status);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static HttpURLConnection open(String host, int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + host + ":" + port + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }

    /** An answer of any status. */
    record Answer(int status, String body) {}

    /** What somebody answers; empty where nobody does. */
    static Optional<Answer> answer(String host, int port, String path) {
        try {
            HttpURLConnection connection = open(host, port, path);
            int status = connection.getResponseCode();
            InputStream stream = status < HttpURLConnection.HTTP_BAD_REQUEST
                    ? connection.getInputStream()
                    : connection.getErrorStream();
            try (InputStream body = stream == null ? InputStream.nullInputStream() : stream) {
                return Optional.of(new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The body of a 200 answer; empty for any other and for none. */
    public static Optional<String> get(String host, int port, String path) {
        return answer(host, port, path)
                .filter(answer -> answer.status() == HttpURLConnection.HTTP_OK)
                .map(Answer::body);
    }

    public static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
