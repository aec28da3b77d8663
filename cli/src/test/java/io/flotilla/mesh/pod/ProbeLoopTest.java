package io.flotilla.mesh.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProbeLoopTest {
    private static final PodProbe PROBE = new PodProbe(
            new PodProbe.Check.Tcp(80), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), 2);
    private static final Instant START = Instant.EPOCH;

    @Test
    void isNotAskedBeforeItsTime() {
        ProbeLoop loop = ProbeLoop.begin(PROBE, START).tick(START, () -> true);
        assertThat(loop.passed()).isFalse();
        assertThat(loop.tick(START.plusSeconds(1), () -> true).passed()).isTrue();
    }

    @Test
    void isAskedOftenUntilItPassesForTheFirstTime() {
        ProbeLoop failed = ProbeLoop.begin(PROBE, START).tick(START.plusSeconds(1), () -> false);
        assertThat(failed.tick(START.plusMillis(1300), () -> true).passed()).isTrue();
    }

    @Test
    void failsOnlyAfterSoManyFailuresInARow() {
        ProbeLoop passed = ProbeLoop.begin(PROBE, START).tick(START.plusSeconds(1), () -> true);
        ProbeLoop once = passed.tick(START.plusSeconds(11), () -> false);
        assertThat(once.passed()).isTrue();
        ProbeLoop twice = once.tick(START.plusSeconds(21), () -> false);
        assertThat(twice.passed()).isFalse();
        assertThat(twice.exhausted()).isTrue();
    }
}
