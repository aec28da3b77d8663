package io.flotilla.discovery.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void doublesUpToTheLimitAndSpreads() {
        BackOff backOff = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1));
        for (long full : new long[] {100, 200, 400, 800, 1000, 1000, 1000}) {
            assertThat(backOff.nextNanos()).isBetween(full * 500_000, full * 1_000_000);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(backOff.nextNanos()).isBetween(500_000_000L, 1_000_000_000L);
        }
        backOff.reset();
        assertThat(backOff.nextNanos()).isLessThanOrEqualTo(100_000_000L);
    }
}
