package io.flotilla.galley.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final long MILLIS = 1_000_000;
    private static final long SECONDS = 1_000 * MILLIS;

    private final Allowance allowance = new Allowance(0);

    @Test
    void whoComesNowAndThenWaitsForNothing() {
        for (long minute = 1; minute <= 100; minute++) {
            long start = minute * 60 * SECONDS;
            long end = start + 200 * MILLIS;
            assertThat(allowance.spent(start, end)).as("minute " + minute).isEqualTo(end);
        }
    }

    @Test
    void whoAlwaysComesGetsAThreeHundredth() {
        long now = 0;
        long busy = 0;
        while (now < 10_000 * SECONDS) {
            long end = now + 50 * MILLIS;
            busy += end - now;
            now = allowance.spent(now, end);
        }
        assertThat(busy - SECONDS).as("beside what was saved").isBetween(now / 303, now / 297);
    }

    @Test
    void noRestIsLongerThanAMinute() {
        assertThat(allowance.spent(0, 100 * SECONDS)).isEqualTo(160 * SECONDS);
    }

    @Test
    void aLongTimeWithoutAnythingSavesASecond() {
        long late = 1_000_000 * SECONDS;
        assertThat(allowance.spent(late, late + SECONDS)).isEqualTo(late + SECONDS);
        assertThat(allowance.spent(late + SECONDS, late + SECONDS + 30 * MILLIS))
                .as("a rest of 300 times the last, less what came while it lasted")
                .isEqualTo(late + SECONDS + 30 * MILLIS + 300 * 30 * MILLIS - 30 * MILLIS);
    }
}
