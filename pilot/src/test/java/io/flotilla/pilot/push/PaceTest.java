package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = 1_000_000;
    private final Pace pace = new Pace(Duration.ofMillis(20), Duration.ofMillis(200));

    @Test
    void aSingleChangeGoesAtOnce() {
        assertThat(pace.wait(25 * MS, 3 * MS)).isZero();
    }

    @Test
    void underChurnHalfOfTheTimeStaysFree() {
        assertThat(pace.wait(0, 50 * MS)).isEqualTo(50 * MS);
        assertThat(pace.wait(30 * MS, 50 * MS)).isEqualTo(20 * MS);
    }

    @Test
    void noChangeWaitsLongerThanTheBound() {
        assertThat(pace.wait(0, 5_000 * MS)).isEqualTo(200 * MS);
        assertThat(pace.wait(250 * MS, 5_000 * MS)).isZero();
    }
}
