package io.flotilla.bookinfo.ratings;

import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.ProductId;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code GET /ratings/ID}: the stars of each reviewer; {@code POST} replaces them until the process ends. */
public final class Ratings implements Handler {
    private static final Json FIRST = Json.object("Reviewer1", Json.of(5)).with("Reviewer2", Json.of(4));

    private final Map<Integer, Json> posted = new ConcurrentHashMap<>();

    @Override
    public Response answer(Request request) {
        if (request.path().equals("/health")) {
            return Response.json(200, Json.object("status", Json.of("Ratings is healthy")));
        }
        return request.after("/ratings/")
                .map(id -> ProductId.parse(id)
                        .map(number -> ratings(number, request))
                        .orElseGet(() -> Response.error(400, "please provide numeric product ID")))
                .orElseGet(() -> Response.error(404, "no such page"));
    }

    private Response ratings(int id, Request request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> Response.json(200, of(id));
            case "POST" -> post(id, request.body());
            default -> Response.error(405, "GET or POST").with("Allow", "GET, HEAD, POST");
        };
    }

    private Response post(int id, String body) {
        return Json.parse(body)
                .filter(json -> json instanceof Json.Obj)
                .map(ratings -> {
                    posted.put(id, ratings);
                    return Response.json(200, of(id));
                })
                .orElseGet(() -> Response.error(400, "please provide valid ratings JSON"));
    }

    private Json of(int id) {
        return Json.object("id", Json.of(id)).with("ratings", posted.getOrDefault(id, FIRST));
    }
}
