package io.flotilla.bookinfo.http;

import io.flotilla.bookinfo.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A service that this one calls. The JDK's old client is used on purpose: it needs a quarter of the memory of the new
 * one, keeps connections alive, and repeats a request whose kept connection turned out to be closed.
 */
public record Upstream(String host, int port, Proxy proxy) {

    /**
     * A service at a host and port.
     *
     * @param proxy URL of an HTTP proxy for all calls, or empty
     */
    public static Upstream at(String host, int port, String proxy) {
        return new Upstream(host, port, proxy.isEmpty() ? Proxy.NO_PROXY : proxyAt(proxy));
    }

    private static Proxy proxyAt(String url) {
        URI uri = URI.create(url.contains("://") ? url : "http://" + url);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("http_proxy must be http://HOST:PORT: " + url);
        }
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port));
    }

    /**
     * Asks for a path and waits.
     *
     * @param path percent-encoded
     * @param timeout for the connection, and again for each wait for bytes
     */
    public Reply get(String path, Map<String, String> headers, Duration timeout) {
        return ask(path, headers, timeout, "");
    }

    /** The same with a body of JSON, by POST. */
    public Reply post(String path, Map<String, String> headers, Duration timeout, Json body) {
        return ask(path, headers, timeout, body.text());
    }

    private Reply ask(String path, Map<String, String> headers, Duration timeout, String body) {
        try {
            URI uri = URI.create("http://" + host + ":" + port + path);
            HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection(proxy);
            call.setConnectTimeout((int) timeout.toMillis());
            call.setReadTimeout((int) timeout.toMillis());
            call.setInstanceFollowRedirects(false);
            call.setRequestProperty("Accept", "application/json");
            headers.forEach(call::setRequestProperty);
            if (!body.isEmpty()) {
                call.setDoOutput(true);
                call.setRequestProperty("Content-Type", "application/json");
                call.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            int status = call.getResponseCode();
            return new Reply.Answer(status, body(call, status));
        } catch (IOException | IllegalArgumentException e) {
            return new Reply.Unreachable(host + ":" + port + ": " + e.getMessage());
        }
    }

    private static String body(HttpURLConnection call, int status) throws IOException {
        // Reading to the end gives the connection back for the next call.
        try (InputStream in = status >= 400 ? call.getErrorStream() : call.getInputStream()) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
