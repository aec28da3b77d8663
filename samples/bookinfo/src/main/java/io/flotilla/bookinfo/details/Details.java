package io.flotilla.bookinfo.details;

import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.ProductId;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;

/** {@code GET /details/ID}: author, year, publisher and so on; the same book for every number. */
public final class Details implements Handler {
    @Override
    public Response answer(Request request) {
        if (request.path().equals("/health")) {
            return Response.json(200, Json.object("status", Json.of("Details is healthy")));
        }
        return request.after("/details/")
                .map(id -> ProductId.parse(id)
                        .map(number -> Response.json(200, book(number)))
                        .orElseGet(() -> Response.error(400, "please provide numeric product id")))
                .orElseGet(() -> Response.error(404, "no such page"));
    }

    private static Json book(int id) {
        return Json.object("id", Json.of(id))
                .with("author", Json.of("William Shakespeare"))
                .with("year", Json.of(1595))
                .with("type", Json.of("paperback"))
                .with("pages", Json.of(200))
                .with("publisher", Json.of("PublisherA"))
                .with("language", Json.of("English"))
                .with("ISBN-10", Json.of("1234567890"))
                .with("ISBN-13", Json.of("123-1234567890"));
    }
}
