package io.flotilla.identity.authority;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityLifeTest {
    @ParameterizedTest
    @CsvSource({
        "P30DT1S, none",
        "P30D, 30 days",
        "P7DT1S, 30 days",
        "P7D, 7 days",
        "P1DT1S, 7 days",
        "P1D, 1 day",
        "PT1S, 1 day",
        "PT0S, over",
        "-PT1S, over"
    })
    void alarmsAMonthAWeekAndADayBeforeTheEnd(Duration left, String alarm) {
        assertThat(AuthorityLife.alarm(left)).isEqualTo(alarm);
    }
}
