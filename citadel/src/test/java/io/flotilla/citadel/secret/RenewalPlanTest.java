package io.flotilla.citadel.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a certificate on a stream is renewed. */
class RenewalPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIFE = Duration.ofHours(24);

    @Test
    void aboutHalfWayAndNotAllAtOnce() {
        Instant first = RenewalPlan.renewAt(NOW, NOW.plus(LIFE), 0);
        Instant last = RenewalPlan.renewAt(NOW, NOW.plus(LIFE), 1);

        assertThat(first).isBetween(NOW.plus(Duration.ofHours(10)), NOW.plus(Duration.ofHours(12)));
        assertThat(last).isBetween(NOW.plus(Duration.ofHours(12)), NOW.plus(Duration.ofHours(14)));
        assertThat(Duration.between(first, last)).isGreaterThan(Duration.ofHours(2));
        assertThat(RenewalPlan.renewAt(NOW, NOW.plus(LIFE), 0.5)).isBetween(first, last);
    }
}
