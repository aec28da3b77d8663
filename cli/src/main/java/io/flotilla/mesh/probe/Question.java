package io.flotilla.mesh.probe;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** One question to an application. */
public final class Question {
    private Question() {}

    /**
     * The status of an answer, without following where it leads. A certificate proves nothing to who asks, as in
     * Kubernetes.
     *
     * @param headers names and values of the request
     * @param timeout of the connection, and of the answer
     */
    public static int status(URI target, List<Map.Entry<String, String>> headers, Duration timeout) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection(Proxy.NO_PROXY);
        try {
            if (connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(AnyCertificate.sockets());
                secure.setHostnameVerifier((name, session) -> true);
            }
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Connection", "close");
            headers.forEach(header -> connection.addRequestProperty(header.getKey(), header.getValue()));
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    /** Whether a status says that all is well: 200 to 399. */
    public static boolean isGood(int status) {
        return status >= 200 && status < 400;
    }

    /** Connects, and says no more than that. */
    public static void connect(String host, int port, Duration timeout) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
        }
    }
}
