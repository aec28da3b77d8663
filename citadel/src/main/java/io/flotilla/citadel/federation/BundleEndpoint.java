package io.flotilla.citadel.federation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.flotilla.identity.federation.SpiffeBundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Serves the bundle of this mesh to anybody: what it holds is public, and TLS says whose it is. */
public final class BundleEndpoint implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService calls;
    private final Document document;

    private BundleEndpoint(HttpsServer server, ExecutorService calls, Document document) {
        this.server = server;
        this.calls = calls;
        this.document = document;
    }

    /** The document, with a sequence that grows whenever the roots change, and over restarts too. */
    static final class Document {
        private final Supplier<List<X509Certificate>> roots;
        private final Duration hint;
        private final Clock clock;
        private List<X509Certificate> shown = List.of();
        private long sequence;

        Document(Supplier<List<X509Certificate>> roots, Duration hint, Clock clock) {
            this.roots = roots;
            this.hint = hint;
            this.clock = clock;
        }

        synchronized String json() {
            List<X509Certificate> now = roots.get();
            if (!now.equals(shown)) {
                shown = List.copyOf(now);
                sequence = Math.max(sequence + 1, clock.instant().getEpochSecond());
            }
            return new SpiffeBundle(shown, sequence, Optional.of(hint)).json();
        }
    }

    /**
     * Listens.
     *
     * @param tls   shows a certificate for the host, or Citadel's own identity
     * @param roots who signs identities of this mesh
     * @param hint  how often to look again
     */
    public static BundleEndpoint start(
            InetSocketAddress at, SSLContext tls, Supplier<List<X509Certificate>> roots, Duration hint)
            throws IOException {
        // The JDK's server reads its bounds once, from properties; without them strangers may keep it waiting for ever.
        Map.of(
                        "sun.net.httpserver.maxReqTime",
                        "10",
                        "sun.net.httpserver.maxRspTime",
                        "10",
                        "jdk.httpserver.maxConnections",
                        "200")
                .forEach((bound, value) -> {
                    if (System.getProperty(bound) == null) {
                        System.setProperty(bound, value);
                    }
                });
        HttpsServer server = HttpsServer.create(at, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        BundleEndpoint endpoint = new BundleEndpoint(server, calls, new Document(roots, hint, Clock.systemUTC()));
        server.setExecutor(calls);
        server.createContext("/", endpoint::answer);
        server.start();
        return endpoint;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            if (!exchange.getRequestURI().getPath().equals("/")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = document.json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        calls.shutdown();
    }
}
