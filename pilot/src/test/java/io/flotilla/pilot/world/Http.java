package io.flotilla.pilot.world;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client for tests, maybe behind an HTTP proxy. */
public final class Http implements AutoCloseable {
    /** Of a machine that is busy with other tests too. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient client;

    private Http(@Nullable InetSocketAddress proxy) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
        client = proxy == null
                ? builder.build()
                : builder.proxy(ProxySelector.of(proxy)).build();
    }

    public static Http direct() {
        return new Http(null);
    }

    public static Http through(String address, int port) {
        return new Http(new InetSocketAddress(address, port));
    }

    /** Status and body, "CODE\nBODY"; what went wrong where nothing came. */
    public String get(String url, String... headers) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + "\n" + response.body();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
