package io.flotilla.identity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.identity.SpiffeId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IssueLimitsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private final IssueLimits limits = new IssueLimits(new TokenBucket.Rate(1, 3), new TokenBucket.Rate(10, 20), NOW);

    private static SpiffeId id(int number) {
        return SpiffeId.of("cluster.local", "default", "w" + number);
    }

    private int taken(int from, int count, boolean urgent, Instant now) {
        int taken = 0;
        for (int i = from; i < from + count; i++) {
            taken += limits.take(id(i), urgent, now).isEmpty() ? 1 : 0;
        }
        return taken;
    }

    @Test
    void oneIdentityDoesNotUseUpTheOthers() {
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += limits.take(id(0), false, NOW).isEmpty() ? 1 : 0;
        }
        assertThat(taken).isEqualTo(3);
        assertThat(limits.take(id(0), false, NOW))
                .hasValueSatisfying(why -> assertThat(why).contains("w0"));
        assertThat(limits.take(id(1), false, NOW)).isEmpty();
        assertThat(limits.take(id(0), false, NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void thoseCloseToTheirEndComeThroughAStorm() {
        assertThat(taken(0, 100, false, NOW)).isEqualTo(16);
        assertThat(taken(100, 10, true, NOW)).isEqualTo(4);
        assertThat(taken(200, 10, true, NOW)).isZero();
        assertThat(taken(300, 100, false, NOW.plusSeconds(1))).isEqualTo(6);
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        taken(0, 100, true, NOW);
        assertThat(taken(200, 10, true, NOW.minusSeconds(3600))).isZero();
    }
}
