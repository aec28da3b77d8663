package io.flotilla.e2e.load;

import java.time.Duration;

/**
 * How a call ended.
 *
 * @param status the HTTP status, 0 where no answer came
 * @param body   the answer's body
 * @param error  why no answer came, empty where one did
 * @param took   from the first byte sent to the last byte received
 */
public record Answer(int status, String body, String error, Duration took) {
    private static final int SHOWN = 120;

    public boolean ok() {
        return status == 200;
    }

    @Override
    public String toString() {
        String what = ok() ? "HTTP 200" : status > 0 ? "HTTP " + status + " (" + beginning() + ")" : error;
        return what + " after " + took.toMillis() + " ms";
    }

    private String beginning() {
        return body.substring(0, Math.min(body.length(), SHOWN));
    }
}
