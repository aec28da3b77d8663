package io.flotilla.injector;

import io.flotilla.injection.SidecarInjector;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** HTTPS on the event loop: a review takes a millisecond and waits for nothing. */
final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("injector");
    private static final int MAX_BODY_BYTES = 3 * 1024 * 1024;
    private static final int BAD_REQUEST = 400;

    private final HttpServer server;
    private final Supplier<SidecarInjector> injector;
    private final InjectionMetrics metrics;

    private WebhookServer(HttpServer server, Supplier<SidecarInjector> injector, InjectionMetrics metrics) {
        this.server = server;
        this.injector = injector;
        this.metrics = metrics;
    }

    static WebhookServer start(
            Vertx vertx, String host, int port, KeyCertOptions certificate, WebhookHandling handling) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(certificate)
                .setIdleTimeout(60)
                .setMaxHeaderSize(32 * 1024);
        options.setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.2", "TLSv1.3"));
        WebhookServer webhook =
                new WebhookServer(vertx.createHttpServer(options), handling.injector(), handling.metrics());
        try {
            webhook.server
                    .requestHandler(webhook::handle)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
        return webhook;
    }

    /** What reviews are answered with; asked for anew each time. */
    record WebhookHandling(Supplier<SidecarInjector> injector, InjectionMetrics metrics) {}

    int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        if (!"/inject".equals(request.path())) {
            refuse(request, 404, "only /inject is served here");
        } else if (!HttpMethod.POST.equals(request.method())) {
            refuse(request, 405, "an admission review is a POST");
        } else if (!isJson(request)) {
            refuse(request, 415, "an admission review is application/json");
        } else {
            collect(request);
        }
    }

    private void collect(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= MAX_BODY_BYTES) {
                body.appendBuffer(part);
            } else if (!request.response().ended()) {
                refuse(request, 413, "an admission review has at most 3 MiB");
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                review(request, body);
            }
        });
    }

    private void review(HttpServerRequest request, Buffer body) {
        long begin = System.nanoTime();
        try {
            AdmissionReview.Answer answer = AdmissionReview.answer(body.toJsonObject(), injector.get());
            metrics.answered(answer.outcome(), Duration.ofNanos(System.nanoTime() - begin));
            LOG.info(answer.detail());
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(answer.body().toBuffer());
        } catch (DecodeException | ClassCastException e) {
            refuse(request, BAD_REQUEST, "the body is no JSON object: " + e.getMessage());
        } catch (AdmissionReview.NotAReview e) {
            refuse(request, BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("a review could not be answered", e);
            refuse(request, 500, "the review could not be answered; the injector's log says why");
        }
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].trim().equalsIgnoreCase("application/json");
    }

    private void refuse(HttpServerRequest request, int status, String message) {
        metrics.unreadable();
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("message", message).toBuffer());
    }

    @Override
    public void close() {
        server.close();
    }
}
