package io.flotilla.bookinfo.http;

import com.sun.net.httpserver.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One HTTP request, read whole. */
public record Request(String method, String path, String query, Headers headers, String body, String remote) {

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    /** The value of a cookie. */
    public Optional<String> cookie(String name) {
        for (String line : headers.getOrDefault("Cookie", List.of())) {
            for (String pair : line.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(name + "=")) {
                    return Optional.of(cookie.substring(name.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** A field of a form that was sent in the body, or else in the query. */
    public Optional<String> field(String name) {
        for (String pair : (body + "&" + query).split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return decoded(pair.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** What follows the prefix in the path, if the path has it. */
    public Optional<String> after(String prefix) {
        return path.startsWith(prefix) ? Optional.of(path.substring(prefix.length())) : Optional.empty();
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
