package io.flotilla.bookinfo.productpage;

import io.flotilla.bookinfo.http.Reply;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.json.Json;
import java.time.Duration;
import java.util.Map;

/**
 * What another service gave for a part of the page.
 *
 * @param status of the service's answer; 500 when none came
 * @param body what it answered, or an object with the member "error"
 */
record Part(int status, Json body) {
    /** How long productpage waits for any service, each time it asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    static Part details(Upstream details, String id, Map<String, String> headers) {
        return ask(details, "/details/" + id, headers, "product details");
    }

    /**
     * Reviews are asked for twice. With reviews' own patience of ten seconds for ratings this is the well-known
     * sample's built-in flaw, which its fault injection example brings to light: a delay of ratings between three and
     * ten seconds takes the reviews off the page, although reviews would have waited.
     */
    static Part reviews(Upstream reviews, String id, Map<String, String> headers) {
        Part first = ask(reviews, "/reviews/" + id, headers, "product reviews");
        return first.ok() ? first : ask(reviews, "/reviews/" + id, headers, "product reviews");
    }

    static Part ratings(Upstream ratings, String id, Map<String, String> headers) {
        return ask(ratings, "/ratings/" + id, headers, "product ratings");
    }

    boolean ok() {
        return status == 200;
    }

    Response response() {
        return Response.json(status, body);
    }

    private static Part ask(Upstream service, String path, Map<String, String> headers, String what) {
        Reply reply = service.get(path, headers, PATIENCE);
        return switch (reply) {
            case Reply.Answer(int status, String body)
            when status == 200 ->
                Json.parse(body).map(json -> new Part(200, json)).orElseGet(() -> unavailable(500, what, "no JSON"));
            case Reply.Answer(int status, String body) -> unavailable(status, what, "status " + status);
            case Reply.Unreachable(String reason) -> unavailable(500, what, reason);
        };
    }

    private static Part unavailable(int status, String what, String reason) {
        System.err.println("no " + what + ": " + reason);
        String message = "Sorry, " + what + " are currently unavailable for this book.";
        return new Part(status, Json.object("error", Json.of(message)));
    }
}
