package io.flotilla.bookinfo.productpage;

import io.flotilla.bookinfo.Services;
import io.flotilla.bookinfo.http.ForwardedHeaders;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.ProductId;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import java.util.Map;

/** The page, signing in and out, and the API. */
public final class ProductPage implements Handler {
    private static final String API = "/api/v1/products";

    private final Services services;

    public ProductPage(Services services) {
        this.services = services;
    }

    @Override
    public Response answer(Request request) {
        return switch (request.path()) {
            case "/", "/index.html" -> Response.html(Page.index());
            case "/health" -> Response.text(200, "Product page is healthy");
            case "/login" -> login(request);
            case "/logout" -> Session.end(back(request));
            case "/productpage" -> page(request);
            case API -> Response.json(200, Catalogue.json());
            default ->
                request.after(API + "/")
                        .map(rest -> product(rest, request))
                        .orElseGet(() -> Response.error(404, "no such page"));
        };
    }

    private Response page(Request request) {
        Map<String, String> headers = headers(request);
        Part details = Part.details(services.details(), "0", headers);
        Part reviews = Part.reviews(services.reviews(), "0", headers);
        return Response.html(Page.product(details, reviews, Session.user(request)));
    }

    private Response product(String rest, Request request) {
        String[] parts = rest.split("/", -1);
        if (parts.length > 2 || ProductId.parse(parts[0]).isEmpty()) {
            return Response.error(404, "no such product");
        }
        Map<String, String> headers = headers(request);
        return switch (parts.length == 1 ? "details" : parts[1]) {
            case "details" ->
                Part.details(services.details(), parts[0], headers).response();
            case "reviews" ->
                Part.reviews(services.reviews(), parts[0], headers).response();
            case "ratings" ->
                Part.ratings(services.ratings(), parts[0], headers).response();
            default -> Response.error(404, "no such page");
        };
    }

    private static Response login(Request request) {
        if (!request.method().equals("POST")) {
            return Response.error(405, "POST").with("Allow", "POST");
        }
        return request.field("username")
                .map(String::strip)
                .filter(Session::acceptable)
                .map(user -> Session.begin(back(request), user))
                .orElseGet(() -> Response.error(400, "please provide a user name of up to 64 plain characters"));
    }

    private static Response back(Request request) {
        return Response.redirect(request.header("Referer").orElse("productpage"));
    }

    /** Whoever is signed in is the end user; without a session the caller may say who it is. */
    private static Map<String, String> headers(Request request) {
        Map<String, String> headers = ForwardedHeaders.of(request);
        Session.user(request).ifPresent(user -> headers.put("end-user", user));
        return headers;
    }
}
