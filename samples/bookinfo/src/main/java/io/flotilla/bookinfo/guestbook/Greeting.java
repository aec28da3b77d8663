package io.flotilla.bookinfo.guestbook;

import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;

/** {@code GET /hello/NAME}: greets, and says which pod of which version does. */
public record Greeting(Instance instance) implements Handler {
    @Override
    public Response answer(Request request) {
        if (request.path().equals("/health")) {
            return Response.text(200, "Helloworld service is healthy");
        }
        return request.after("/hello/")
                .filter(name -> !name.isEmpty())
                .map(name -> Response.json(
                        200,
                        Json.object(
                                        "greeting",
                                        Json.of("Hello " + name + " from " + instance.pod() + " with "
                                                + instance.version()))
                                .with("hostname", Json.of(instance.pod()))
                                .with("version", Json.of(instance.version()))))
                .orElseGet(() -> Response.error(404, "no such page"));
    }
}
