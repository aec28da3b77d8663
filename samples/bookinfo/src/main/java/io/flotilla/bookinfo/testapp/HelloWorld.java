package io.flotilla.bookinfo.testapp;

import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;

/** {@code GET /hello}: says which version and which pod answered. */
public final class HelloWorld implements Handler {
    private final Instance instance;

    public HelloWorld(Instance instance) {
        this.instance = instance;
    }

    @Override
    public Response answer(Request request) {
        return switch (request.path()) {
            case "/hello" ->
                Response.text(200, "Hello version: " + instance.version() + ", instance: " + instance.pod() + "\n");
            case "/health" -> Response.text(200, "Helloworld is healthy");
            default -> Response.error(404, "no such page");
        };
    }
}
