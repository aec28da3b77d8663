package io.flotilla.service.https;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;

/** Takes reviews over HTTPS and answers each; what is no review is refused with the reason, never with a stack trace. */
public final class ReviewServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ReviewServer.class.getName());
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    private final Vertx vertx;
    private final HttpServer server;
    private final Handling handling;

    private ReviewServer(Vertx vertx, HttpServer server, Handling handling) {
        this.vertx = vertx;
        this.server = server;
        this.handling = handling;
    }

    /** Answers a review. */
    @FunctionalInterface
    public interface Answering {
        /** The answer to the body that came to a path. */
        JsonObject answer(String path, JsonObject body) throws NotAReview;
    }

    /** Runs a review elsewhere than on the event loop, or there. */
    @FunctionalInterface
    public interface Running {
        /** May throw RejectedExecutionException: too many are under way. */
        void run(Runnable review);
    }

    /** Told of every request that was not answered, with its HTTP status. */
    @FunctionalInterface
    public interface Refusals {
        void refused(int status);
    }

    /**
     * How reviews are handled.
     *
     * @param paths    where they are taken
     * @param maxBytes of a body
     * @param limit    after which the asker is told that it took too long
     */
    public record Handling(
            Set<String> paths, int maxBytes, Duration limit, Answering answering, Running running, Refusals refusals) {}

    /** Listens; returns once it does. */
    public static ReviewServer start(
            Vertx vertx, String host, int port, X509KeyManager certificate, Handling handling) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(certificate))
                .setIdleTimeout(60)
                .setMaxHeaderSize(32 * 1024);
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        ReviewServer webhook = new ReviewServer(vertx, vertx.createHttpServer(options), handling);
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

    public int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        if (HttpMethod.GET.equals(request.method()) && "/ready".equals(request.path())) {
            request.response().end();
        } else if (!handling.paths().contains(request.path())) {
            String paths = String.join(", ", handling.paths().stream().sorted().toList());
            refuse(request.response(), 404, "only " + paths + " is served here");
        } else if (!HttpMethod.POST.equals(request.method())) {
            refuse(request.response(), 405, "an admission review is a POST");
        } else if (!isJson(request)) {
            refuse(request.response(), 415, "an admission review is application/json");
        } else {
            collect(request);
        }
    }

    private void collect(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= handling.maxBytes()) {
                body.appendBuffer(part);
            } else if (!request.response().ended()) {
                String message = "an admission review has at most " + handling.maxBytes() / (1024 * 1024) + " MiB";
                refuse(request.response(), 413, message);
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                review(request.path(), body, request.response());
            }
        });
    }

    private void review(String path, Buffer body, HttpServerResponse response) {
        long timer = vertx.setTimer(
                handling.limit().toMillis(),
                late -> refuse(response, UNAVAILABLE, "the review took longer than " + handling.limit()));
        var context = vertx.getOrCreateContext();
        try {
            handling.running().run(() -> {
                Reply reply = reply(path, body);
                context.runOnContext(done -> {
                    vertx.cancelTimer(timer);
                    reply.send(this, response);
                });
            });
        } catch (RejectedExecutionException e) {
            vertx.cancelTimer(timer);
            refuse(response, UNAVAILABLE, "too many reviews are under way");
        }
    }

    private sealed interface Reply {
        void send(ReviewServer server, HttpServerResponse response);

        record Answer(JsonObject body) implements Reply {
            @Override
            public void send(ReviewServer server, HttpServerResponse response) {
                if (!response.ended()) {
                    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .end(body.toBuffer());
                }
            }
        }

        record Refused(int status, String message) implements Reply {
            @Override
            public void send(ReviewServer server, HttpServerResponse response) {
                server.refuse(response, status, message);
            }
        }
    }

    private Reply reply(String path, Buffer body) {
        try {
            return new Reply.Answer(handling.answering().answer(path, body.toJsonObject()));
        } catch (DecodeException | ClassCastException e) {
            return new Reply.Refused(BAD_REQUEST, "the body is no JSON object: " + firstLine(e));
        } catch (NotAReview e) {
            return new Reply.Refused(BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "a review could not be answered", e);
            return new Reply.Refused(500, "the review could not be answered; the service's log says why");
        }
    }

    /** What the parser says of its own classes is of no use to whoever asked. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].trim().equalsIgnoreCase("application/json");
    }

    private void refuse(HttpServerResponse response, int status, String message) {
        if (response.ended()) {
            return;
        }
        handling.refusals().refused(status);
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("message", message).toBuffer());
    }

    @Override
    public void close() {
        server.close();
    }
}
