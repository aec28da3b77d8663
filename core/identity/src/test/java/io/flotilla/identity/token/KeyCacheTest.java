package io.flotilla.identity.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
    private static final Instant NOW = Tokens.NOW;
    private static final KeyCache.Periods PERIODS =
            new KeyCache.Periods(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofHours(1));

    @Test
    void isFetchedWhenDueAndForAnUnknownKeyButNeverInAFlood() {
        assertThat(KeyCache.EMPTY.wantsFetch("ec", NOW, PERIODS)).isTrue();
        KeyCache fresh = KeyCache.EMPTY.after(Tokens.keys(), NOW);
        assertThat(fresh.wantsFetch("ec", NOW.plusSeconds(299), PERIODS)).isFalse();
        assertThat(fresh.wantsFetch("ec", NOW.plusSeconds(300), PERIODS)).isTrue();
        assertThat(fresh.wantsFetch("unknown", NOW.plusSeconds(9), PERIODS)).isFalse();
        assertThat(fresh.wantsFetch("unknown", NOW.plusSeconds(10), PERIODS)).isTrue();
    }

    @Test
    void keepsItsKeysOverFailuresUntilTheyAreStaleAndThenBelievesNobody() {
        KeyCache failing = KeyCache.EMPTY.after(Tokens.keys(), NOW).afterFailure(NOW.plusSeconds(400));
        assertThat(failing.keys()).isEqualTo(Tokens.keys());
        assertThat(failing.wantsFetch("ec", NOW.plusSeconds(405), PERIODS)).isFalse();
        assertThat(failing.wantsFetch("ec", NOW.plusSeconds(410), PERIODS)).isTrue();
        assertThat(failing.usable(NOW.plusSeconds(3599), PERIODS)).isTrue();
        assertThat(failing.usable(NOW.plusSeconds(3600), PERIODS)).isFalse();
        assertThat(KeyCache.EMPTY.usable(NOW, PERIODS)).isFalse();
    }
}
