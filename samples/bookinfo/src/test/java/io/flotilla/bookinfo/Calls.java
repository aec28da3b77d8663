package io.flotilla.bookinfo;

import com.sun.net.httpserver.Headers;
import io.flotilla.bookinfo.http.Drain;
import io.flotilla.bookinfo.http.Request;
import java.time.Duration;

/** Requests as a handler sees them. */
public final class Calls {
    public static final Drain AT_ONCE = new Drain(Duration.ZERO, Duration.ZERO);

    private Calls() {}

    public static Request get(String path) {
        return new Request("GET", path, "", new Headers(), "", "127.0.0.1");
    }

    public static Request post(String path, String body) {
        return new Request("POST", path, "", new Headers(), body, "127.0.0.1");
    }
}
