package io.flotilla.citadel.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StreamEndTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void aStreamLastsAsLongAsItsTokenButNotLongerThanAnHour() {
        assertThat(StreamEnd.life(NOW, NOW.plusSeconds(600), 0)).isEqualTo(Duration.ofMinutes(10));
        assertThat(StreamEnd.life(NOW, NOW.plus(Duration.ofDays(1)), 0)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void chanceTakesUpToATenthOff() {
        assertThat(StreamEnd.life(NOW, NOW.plus(Duration.ofDays(1)), 1)).isEqualTo(Duration.ofMinutes(54));
    }

    @Test
    void aTokenInItsLeewayDoesNotMakeATightLoop() {
        assertThat(StreamEnd.life(NOW, NOW.minusSeconds(20), 0.5)).isEqualTo(Duration.ofSeconds(1));
    }
}
