package io.flotilla.bookinfo.productpage;

import io.flotilla.bookinfo.http.Request;
import io.flotilla.bookinfo.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who is signed in, kept in a cookie. Like the well-known sample it believes any name and asks for no password: it
 * shows routing by user, and protects nothing.
 */
final class Session {
    private static final String COOKIE = "session";
    /** What may stand in a header. */
    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]{0,62}[\\x21-\\x7e])?");

    private Session() {}

    static Optional<String> user(Request request) {
        return request.cookie(COOKIE).flatMap(Session::decoded).filter(Session::acceptable);
    }

    static Response begin(Response response, String user) {
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        return response.with("Set-Cookie", COOKIE + "=" + value + "; Path=/; HttpOnly; SameSite=Lax");
    }

    static Response end(Response response) {
        return response.with("Set-Cookie", COOKIE + "=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    static boolean acceptable(String user) {
        return NAME.matcher(user).matches();
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
