package io.flotilla.bookinfo.http;

import io.flotilla.bookinfo.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP answer. */
public record Response(int status, String body, Map<String, String> headers) {
    public Response {
        headers = Map.copyOf(headers);
    }

    public static Response json(int status, Json body) {
        return new Response(status, body.text(), Map.of("Content-Type", "application/json"));
    }

    public static Response error(int status, String message) {
        return json(status, Json.object("error", Json.of(message)));
    }

    public static Response text(int status, String body) {
        return new Response(status, body, Map.of("Content-Type", "text/plain; charset=utf-8"));
    }

    public static Response html(String body) {
        return new Response(200, body, Map.of("Content-Type", "text/html; charset=utf-8"));
    }

    public static Response redirect(String location) {
        return new Response(302, "", Map.of("Location", location));
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, body, more);
    }
}
