package io.flotilla.bookinfo.reviews;

import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.Stars;
import io.flotilla.bookinfo.http.ForwardedHeaders;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.ProductId;
import io.flotilla.bookinfo.http.Reply;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code GET /reviews/ID}: two reviews, with the stars of the ratings service unless this version has none. */
public final class Reviews implements Handler {
    /** What each reviewer wrote. */
    private static final List<Map.Entry<String, String>> TEXTS = List.of(
            Map.entry(
                    "Reviewer1",
                    "Two pairs of twins, one very long day, and not a dull scene. I laughed from the first act on."),
            Map.entry(
                    "Reviewer2",
                    "Great fun on the stage and light in the hand, though his later plays go deeper than this one."));

    private final Instance instance;
    private final Stars stars;
    private final Upstream ratings;

    public Reviews(Instance instance, Stars stars, Upstream ratings) {
        this.instance = instance;
        this.stars = stars;
        this.ratings = ratings;
    }

    @Override
    public Response answer(Request request) {
        if (request.path().equals("/health")) {
            return Response.json(200, Json.object("status", Json.of("Reviews is healthy")));
        }
        return request.after("/reviews/")
                .map(id -> ProductId.parse(id)
                        .map(number -> Response.json(200, reviews(number, request)))
                        .orElseGet(() -> Response.error(400, "please provide numeric product id")))
                .orElseGet(() -> Response.error(404, "no such page"));
    }

    private Json reviews(int id, Request request) {
        List<Json> reviews = switch (stars) {
            case Stars.None() -> reviews();
            case Stars.Coloured coloured -> rated(coloured, ratingsOf(id, coloured, request));
        };
        return Json.object("id", Json.of(Integer.toString(id)))
                .with("podname", Json.of(instance.pod()))
                .with("clustername", Json.of(instance.cluster()))
                .with("reviews", Json.array(reviews));
    }

    private static List<Json> reviews() {
        List<Json> reviews = new ArrayList<>();
        TEXTS.forEach(text -> reviews.add(review(text.getKey(), text.getValue())));
        return reviews;
    }

    private static List<Json> rated(Stars.Coloured coloured, Json ratings) {
        List<Json> reviews = new ArrayList<>();
        for (Map.Entry<String, String> text : TEXTS) {
            Json rating = ratings.member(text.getKey())
                    .filter(number -> number instanceof Json.Num)
                    .map(number -> Json.object("stars", number).with("color", Json.of(coloured.colour())))
                    .orElseGet(() -> Json.object("error", Json.of("Ratings service is currently unavailable")));
            reviews.add(review(text.getKey(), text.getValue()).with("rating", rating));
        }
        return reviews;
    }

    private static Json.Obj review(String reviewer, String text) {
        return Json.object("reviewer", Json.of(reviewer)).with("text", Json.of(text));
    }

    /** The stars by reviewer; null in JSON's sense when they cannot be had. */
    private Json ratingsOf(int id, Stars.Coloured coloured, Request request) {
        Reply reply = ratings.get("/ratings/" + id, ForwardedHeaders.of(request), coloured.patience());
        return switch (reply) {
            case Reply.Answer(int status, String body)
            when status == 200 ->
                Json.parse(body).flatMap(json -> json.member("ratings")).orElseGet(Json.Null::new);
            case Reply.Answer(int status, String body) -> unavailable("ratings answered " + status);
            case Reply.Unreachable(String reason) -> unavailable(reason);
        };
    }

    private static Json unavailable(String reason) {
        System.err.println("no ratings: " + reason);
        return new Json.Null();
    }
}
