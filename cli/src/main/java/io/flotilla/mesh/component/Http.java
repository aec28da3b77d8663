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

    /** The body of a 200 answer; empty for any other and for none. */
    public static Optional<String> get(String host, int port, String path) {
        try {
            HttpURLConnection connection = open(host, port, path);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Optional.empty();
            }
            try (InputStream body = connection.getInputStream()) {
                return Optional.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
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
