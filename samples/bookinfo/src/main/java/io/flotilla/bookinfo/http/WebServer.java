package io.flotilla.bookinfo.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The JDK's HTTP server, with a virtual thread for each request. */
public final class WebServer implements Running {
    private static final int BACKLOG = 1024;
    private static final int BODY_LIMIT = 1 << 20;

    static {
        // A proxy keeps idle connections for an hour: closing them earlier races with its next request.
        preset("sun.net.httpserver.idleInterval", "7200");
        preset("sun.net.httpserver.maxIdleConnections", "10000");
        // Header and body are two writes: without this the second waits for the peer's delayed acknowledgement.
        preset("sun.net.httpserver.nodelay", "true");
    }

    /** Each call in progress holds some tens of kilobytes of a heap of some tens of megabytes. */
    private static final int AT_ONCE = 64;

    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final HttpServer server;
    private final ExecutorService calls;
    private final Handler handler;
    private final Activity activity = new Activity();

    private WebServer(HttpServer server, ExecutorService calls, Handler handler) {
        this.server = server;
        this.calls = calls;
        this.handler = handler;
    }

    public static WebServer start(InetSocketAddress address, Handler handler) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        WebServer web = new WebServer(server, calls, handler);
        server.setExecutor(call -> calls.execute(() -> web.inTurn(call)));
        server.createContext("/", web::serve);
        server.start();
        return web;
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void drain(Drain drain) {
        activity.awaitQuiet(drain);
        server.stop(0);
        calls.shutdownNow();
    }

    /** Who comes when all slots are taken waits: a flood costs callers time, and this process no memory. */
    private void inTurn(Runnable call) {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            call.run();
        } finally {
            slots.release();
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        activity.begins();
        try (exchange) {
            send(exchange, answer(exchange));
        } finally {
            activity.ends();
        }
    }

    private Response answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
        if (body.length > BODY_LIMIT) {
            return Response.error(413, "the body is larger than " + BODY_LIMIT + " bytes");
        }
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), ""),
                exchange.getRequestHeaders(),
                new String(body, StandardCharsets.UTF_8),
                exchange.getRemoteAddress().getAddress().getHostAddress());
        try {
            return handler.answer(request);
        } catch (RuntimeException e) {
            System.err.println(request.method() + " " + request.path() + ": " + e);
            return Response.error(500, "internal error");
        }
    }

    private void send(HttpExchange exchange, Response response) throws IOException {
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (activity.draining()) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
