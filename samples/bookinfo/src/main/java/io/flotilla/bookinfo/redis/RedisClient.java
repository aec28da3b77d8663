package io.flotilla.bookinfo.redis;

import io.flotilla.bookinfo.socket.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps texts in a Redis. */
public record RedisClient(Place place) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration KEPT = Duration.ofDays(1);

    public Optional<String> get(String key) throws IOException {
        return say(List.of("GET", key));
    }

    /** For a day. */
    public void set(String key, String text) throws IOException {
        say(List.of("SET", key, text, "EX", Long.toString(KEPT.toSeconds())));
    }

    private Optional<String> say(List<String> words) throws IOException {
        return place.ask(PATIENCE, (in, out) -> {
            Resp.command(out, words);
            return Resp.answer(in);
        });
    }
}
