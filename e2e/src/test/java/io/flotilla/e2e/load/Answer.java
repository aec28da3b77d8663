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
    public boolean ok() {
        return status == 200;
    }

    @Override
    public String toString() {
        return (status > 0 ? "HTTP " + status : error) + " after " + took.toMillis() + " ms";
    }
}
