package io.flotilla.galley.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.source.SourceSink;
import io.flotilla.service.fetch.GuardedFetch.Outcome;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JwksSourceTest {
    private static final String A = "https://a.example/keys";
    private static final String B = "https://b.example/keys";
    private static final String KEYS = "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\"}]}";

    // When keys were fetched is told as a multiple of nine hours.
    private static final Instant NOW = Instant.parse("2026-03-01T06:00:00Z");

    private final Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), NOW.plusSeconds(60)));
    private final Map<String, String> web = new ConcurrentHashMap<>();
    private final Sink sink = new Sink();

    private JwksSource source(Duration refresh) {
        return new JwksSource(this::get, clock, refresh, Duration.ofDays(3));
    }

    private static String text(String address, String keys) {
        return KeyDocuments.text(address, keys, NOW);
    }

    private Outcome get(URI uri) {
        String body = web.get(uri.toString());
        return body == null ? new Outcome.Failed(uri + " answers with status 503") : new Outcome.Fetched(body);
    }

    @Test
    void tellsTheKeysOfWhatIsWantedUntilItIsNotWanted() throws InterruptedException {
        web.put(A, KEYS);
        try (JwksSource source = source(Duration.ofMinutes(20))) {
            source.start(sink);
            assertThat(sink.next()).isEmpty();
            source.want(new TreeSet<>(List.of(A)));
            assertThat(sink.next()).containsEntry(KeyDocuments.name(A), Optional.of(text(A, KEYS)));
            source.want(new TreeSet<>());
            assertThat(sink.next()).containsEntry(KeyDocuments.name(A), Optional.empty());
        }
    }

    @Test
    void asksTheIssuerWhereItsKeysAre() throws InterruptedException {
        String discovery = "https://i.example/.well-known/openid-configuration";
        web.put(discovery, "{\"issuer\": \"https://i.example\", \"jwks_uri\": \"" + A + "\"}");
        web.put(A, KEYS);
        try (JwksSource source = source(Duration.ofMinutes(20))) {
            source.want(new TreeSet<>(List.of(discovery)));
            source.start(sink);
            assertThat(sink.next()).isEmpty();
            assertThat(sink.next()).containsEntry(KeyDocuments.name(discovery), Optional.of(text(discovery, KEYS)));
        }
    }

    @Test
    void keepsWhatItHasWhileTheIssuerIsAwayAndTakesNewKeys() throws InterruptedException {
        sink.earlier.put(KeyDocuments.name(A), text(A, KEYS));
        try (JwksSource source = source(Duration.ofMillis(1))) {
            source.want(new TreeSet<>(List.of(A)));
            source.start(sink);
            assertThat(sink.next()).containsEntry(KeyDocuments.name(A), Optional.of(text(A, KEYS)));
            String rotated = KEYS.replace("\"1\"", "\"2\"");
            web.put(A, rotated);
            assertThat(sink.next()).containsEntry(KeyDocuments.name(A), Optional.of(text(A, rotated)));
        }
    }

    @Test
    void keysThatCannotBeFetchedForLongAreBelievedNoLonger() throws InterruptedException {
        sink.earlier.put(KeyDocuments.name(A), KeyDocuments.text(A, KEYS, NOW.minus(Duration.ofHours(71))));
        sink.earlier.put(KeyDocuments.name(B), KeyDocuments.text(B, KEYS, NOW.minus(Duration.ofDays(3))));
        try (JwksSource source = source(Duration.ofMinutes(20))) {
            source.want(new TreeSet<>(List.of(A, B)));
            source.start(sink);
            assertThat(sink.next()).as("at a start all that is kept").hasSize(2);
            assertThat(sink.next())
                    .as("a restart makes no key younger")
                    .containsOnly(Map.entry(KeyDocuments.name(B), Optional.empty()));
        }
    }

    private static final class Sink implements SourceSink {
        final Map<String, String> earlier = new ConcurrentHashMap<>();
        private final BlockingQueue<Map<String, Optional<String>>> changes = new LinkedBlockingQueue<>();

        @Override
        public void apply(SourceName source, Map<String, Optional<String>> documents, boolean synced) {
            changes.add(documents);
        }

        @Override
        public Collection<String> held(SourceName source) {
            return earlier.keySet();
        }

        @Override
        public Optional<String> held(SourceName source, String document) {
            return Optional.ofNullable(earlier.get(document));
        }

        Map<String, Optional<String>> next() throws InterruptedException {
            Map<String, Optional<String>> change = changes.poll(60, TimeUnit.SECONDS);
            assertThat(change).as("a change within 60 s").isNotNull();
            return change;
        }
    }
}
