package io.flotilla.mixer.span;

import io.flotilla.mixer.PeerTls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** POST /api/v2/spans: Zipkin's v2 spans as JSON, from meshed peers of the trust domain. */
@ApplicationScoped
public class ZipkinEndpoint {
    private static final int MOST_BYTES = 1024 * 1024;

    private final Vertx vertx;
    private final SpanSender sender;
    private @Nullable HttpServer server;

    ZipkinEndpoint(Vertx vertx, SpanSender sender) {
        this.vertx = vertx;
        this.sender = sender;
    }

    /** Listens, with mutual TLS if there is an identity; gives the port. */
    public int start(String bind, int port, @Nullable PeerTls tls) {
        HttpServerOptions options = new HttpServerOptions().setDecompressionSupported(true);
        HttpServer started = vertx.createHttpServer(tls == null ? options : tls.configure(options))
                .requestHandler(request -> {
                    if (tls == null || tls.admits(request)) {
                        answer(request);
                    } else {
                        request.response().setStatusCode(403).end();
                    }
                })
                .listen(port, bind)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        server = started;
        return started.actualPort();
    }

    public void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!request.path().equals("/api/v2/spans") || !request.method().equals(HttpMethod.POST)) {
            response.setStatusCode(404).end();
            return;
        }
        String type = request.getHeader("Content-Type");
        if (type != null && !type.startsWith("application/json")) {
            response.setStatusCode(415).end("spans come as application/json\n");
            return;
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= MOST_BYTES) {
                body.appendBuffer(chunk);
            } else if (!response.ended()) {
                response.setStatusCode(413).end("more than " + MOST_BYTES + " bytes\n");
            }
        });
        request.endHandler(end -> {
            if (!response.ended()) {
                take(body, response);
            }
        });
    }

    private void take(Buffer body, HttpServerResponse response) {
        switch (Traces.parse(body)) {
            case Traces.Body.Spans spans -> {
                spans.byTrace().forEach(sender::send);
                response.setStatusCode(202).end();
            }
            case Traces.Body.Malformed malformed -> response.setStatusCode(400).end(malformed.reason() + "\n");
        }
    }
}
