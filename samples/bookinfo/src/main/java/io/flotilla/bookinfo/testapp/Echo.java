package io.flotilla.bookinfo.testapp;

import io.flotilla.bookinfo.Instance;
import io.flotilla.bookinfo.http.Handler;
import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Tells what arrived. {@code /status/N} answers with that status, {@code /delay/SECONDS} after that time (ten seconds
 * at most), {@code /headers} with the headers alone, {@code /base64/TEXT} with what that says in base64url, {@code /health}
 * at once; every other path with all of it. An instance that is told to fail answers every path but {@code /health} with
 * the status that it was told, and with all of it.
 */
public final class Echo implements Handler {
    private static final double LONGEST_DELAY_SECONDS = 10;

    private final Instance instance;
    private final OptionalInt always;

    /** @param always the status that each answer has; empty for what the path asks for */
    public Echo(Instance instance, OptionalInt always) {
        this.instance = instance;
        this.always = always;
    }

    @Override
    public Response answer(Request request) {
        String first = firstSegment(request.path());
        if (always.isPresent() && !first.equals("health")) {
            return Response.json(always.getAsInt(), all(request));
        }
        return switch (first) {
            case "health" -> Response.text(200, "Echo is healthy");
            case "headers" -> Response.json(200, Json.object("headers", headers(request)));
            case "status" -> status(request);
            case "delay" -> delay(request);
            case "base64" -> decoded(request.after("/base64/").orElse(""));
            default -> Response.json(200, all(request));
        };
    }

    private static String firstSegment(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    }

    private static Response status(Request request) {
        int status = request.after("/status/").map(Echo::number).orElse(0.0).intValue();
        return status >= 200 && status <= 599
                ? Response.text(status, "")
                : Response.error(400, "the status must be from 200 to 599");
    }

    private Response delay(Request request) {
        double seconds = request.after("/delay/").map(Echo::number).orElse(0.0);
        try {
            Thread.sleep((long) (1000 * Math.min(seconds, LONGEST_DELAY_SECONDS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Response.json(200, all(request));
    }

    private static Response decoded(String text) {
        try {
            return Response.text(200, new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Response.error(400, "the text is not base64url");
        }
    }

    private static double number(String text) {
        try {
            double number = Double.parseDouble(text);
            return number >= 0 ? number : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Json all(Request request) {
        String query = request.query().isEmpty() ? "" : "?" + request.query();
        return Json.object("method", Json.of(request.method()))
                .with("path", Json.of(request.path()))
                .with("query", Json.of(request.query()))
                .with("url", Json.of("http://" + request.header("Host").orElse("") + request.path() + query))
                .with("headers", headers(request))
                .with("data", Json.of(request.body()))
                .with("origin", Json.of(request.remote()))
                .with("podname", Json.of(instance.pod()))
                .with("version", Json.of(instance.version()));
    }

    private static Json headers(Request request) {
        Map<String, Json> headers = new TreeMap<>();
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            headers.put(capitalised(header.getKey()), Json.of(String.join(",", header.getValue())));
        }
        return new Json.Obj(headers);
    }

    /** {@code x-b3-traceid} as {@code X-B3-Traceid}, so that a test finds a header whatever the proxy did to its case. */
    private static String capitalised(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = c == '-';
        }
        return out.toString();
    }
}
