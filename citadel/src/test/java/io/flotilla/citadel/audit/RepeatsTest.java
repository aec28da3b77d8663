package io.flotilla.citadel.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final Repeats repeats = new Repeats();

    @Test
    void oneOfManyIsToldWithTheirNumber() {
        assertThat(repeats.tell("a", NOW)).isEqualTo(OptionalLong.of(0));
        for (int i = 0; i < 1_000; i++) {
            assertThat(repeats.tell("a", NOW.plusSeconds(59))).isEmpty();
        }
        assertThat(repeats.tell("b", NOW.plusSeconds(59)))
                .as("others are told at once")
                .isEqualTo(OptionalLong.of(0));
        assertThat(repeats.tell("a", NOW.plusSeconds(60))).isEqualTo(OptionalLong.of(1_000));
        assertThat(repeats.tell("a", NOW.plusSeconds(61))).isEmpty();
    }

    @Test
    void manyCallersAreToldAsOne() {
        int tellings = 0;
        for (int i = 0; i < 30_000; i++) {
            tellings += repeats.tell("caller " + i, NOW).isPresent() ? 1 : 0;
        }
        assertThat(tellings).isEqualTo(10_001);
        assertThat(repeats.tell("caller 30000", NOW.plusSeconds(60)))
                .as("there is place again")
                .isEqualTo(OptionalLong.of(0));
    }
}
