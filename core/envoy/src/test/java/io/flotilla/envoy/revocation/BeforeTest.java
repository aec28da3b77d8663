package io.flotilla.envoy.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BeforeTest {
    @Test
    void matchesTheNumbersBelowAndNoOther() {
        Random random = new Random(7);
        for (int run = 0; run < 2_000; run++) {
            long limit = 1_000_000_000L + random.nextLong(9_000_000_000L);
            String regex = Before.regex(limit);
            for (long number : new long[] {
                limit - 1, limit, limit + 1, 5, 999_999_999L, 1_000_000_000L + random.nextLong(9_000_000_000L)
            }) {
                assertThat(Long.toString(number).matches(regex))
                        .as("%d is before %d", number, limit)
                        .isEqualTo(number < limit);
            }
        }
    }

    @Test
    void matchesNoMissingCertificateAndKeepsAnImpossibleTimeInItsBounds() {
        assertThat("-".matches(Before.regex(1_772_359_200))).isFalse();
        assertThat("1000000000".matches(Before.regex(0))).isFalse();
        assertThat("9999999998".matches(Before.regex(Long.MAX_VALUE))).isTrue();
    }
}
