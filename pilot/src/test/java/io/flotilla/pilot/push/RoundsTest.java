package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Kind;
import io.flotilla.discovery.Generation;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.world.MeshYaml;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Pace PATIENT = new Pace(Duration.ZERO, Duration.ofHours(1));

    private final Views views = new Views(
            Tuning.defaults(),
            Duration.ofMinutes(1),
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
            (type, streams) -> {});
    private final BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> sent = new LinkedBlockingQueue<>();

    private static MeshState state(long generation) {
        return new MeshState(
                new Generation(1, Map.of("test", generation)), MeshYaml.web("web"), Set.of(Kind.REGISTRY_SERVICE), 0);
    }

    private long next() throws InterruptedException {
        Long generation = seen.poll(10, TimeUnit.SECONDS);
        assertThat(generation).isNotNull();
        return generation;
    }

    private void told() {
        seen.add(views.mesh().orElseThrow().generation().sequences().get("test"));
    }

    @Test
    void whatComesWhileARoundIsBeingSentIsOneRound() throws InterruptedException {
        try (Rounds rounds = new Rounds(views, this::told, sent::add, PATIENT)) {
            rounds.start();
            rounds.submit(state(1));
            assertThat(next()).isEqualTo(1);
            Runnable first = sent.poll(10, TimeUnit.SECONDS);
            assertThat(first).isNotNull();
            rounds.submit(state(2));
            rounds.submit(state(3));
            first.run();
            assertThat(next()).isEqualTo(3);
        }
    }

    @Test
    void whatIsNeverSentHoldsNothingUpForLong() throws InterruptedException {
        try (Rounds rounds =
                new Rounds(views, this::told, never -> {}, new Pace(Duration.ZERO, Duration.ofMillis(1)))) {
            rounds.start();
            rounds.submit(state(1));
            assertThat(next()).isEqualTo(1);
            rounds.submit(state(2));
            assertThat(next()).isEqualTo(2);
        }
    }
}
