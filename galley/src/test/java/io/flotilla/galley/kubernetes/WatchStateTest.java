package io.flotilla.galley.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.kubernetes.WatchState.Absent;
import io.flotilla.galley.kubernetes.WatchState.Happening.Advanced;
import io.flotilla.galley.kubernetes.WatchState.Happening.Asked;
import io.flotilla.galley.kubernetes.WatchState.Happening.Ended;
import io.flotilla.galley.kubernetes.WatchState.Happening.Failed;
import io.flotilla.galley.kubernetes.WatchState.Happening.Listed;
import io.flotilla.galley.kubernetes.WatchState.Listing;
import io.flotilla.galley.kubernetes.WatchState.Watching;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchStateTest {
    private final WatchState watching = WatchState.first().after(new Listed("7"));

    @Test
    void watchesFromWhereTheListEnds() {
        assertThat(watching).isEqualTo(new Watching("7", 0, 0));
        assertThat(watching.after(new Advanced("9"))).isEqualTo(new Watching("9", 0, 0));
    }

    @Test
    void aBrokenWatchIsTakenUpWhereItWasHoweverLongTheServerIsAway() {
        WatchState state = watching.after(new Advanced("9"));
        for (int i = 1; i <= 50; i++) {
            state = state.after(new Failed(0, "connection refused"));
            assertThat(state).isEqualTo(new Watching("9", i, 0));
        }
        assertThat(state.after(new Advanced("10")).failed()).isZero();
    }

    @Test
    void aPlaceThatTheServerForgotMakesItListAtOnce() {
        assertThat(watching.after(new Failed(410, "too old"))).isEqualTo(new Listing(0));
    }

    @Test
    void aServerThatIsBehindThePlaceMakesItList() {
        assertThat(watching.after(new Failed(504, "Too large resource version")))
                .isEqualTo(new Listing(1));
    }

    @Test
    void aServerThatKeepsRefusingThePlaceMakesItList() {
        WatchState state = watching;
        for (int i = 1; i < WatchState.MAX_REFUSALS; i++) {
            state = state.after(new Failed(500, "no"));
            assertThat(state).isInstanceOf(Watching.class);
        }
        assertThat(state.after(new Failed(500, "no"))).isEqualTo(new Listing(WatchState.MAX_REFUSALS));
    }

    @Test
    void aListThatFailsIsBegunAnewAndLater() {
        assertThat(WatchState.first().after(new Failed(0, "refused")).after(new Failed(410, "continue expired")))
                .isEqualTo(new Listing(2));
    }

    @Test
    void aKindThatIsNotFoundIsAbsentUntilSomebodyAsks() {
        assertThat(watching.after(new Failed(404, "")).after(new Failed(404, "")))
                .isEqualTo(new Absent());
        assertThat(new Absent().after(new Asked())).isEqualTo(new Listing(0));
    }

    @Test
    void aWatchThatEndsWithoutAnythingIsNotOpenedAllTheTime() {
        assertThat(watching.after(new Ended(true))).isEqualTo(watching);
        assertThat(watching.after(new Ended(false)).failed()).isEqualTo(1);
    }

    @Test
    void waitsLongerWithEachFailureAndNotAllForTheSameTime() {
        assertThat(Backoff.delay(0, 1)).isZero();
        assertThat(Backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(Backoff.delay(1, 1)).isEqualTo(Duration.ofMillis(200));
        assertThat(Backoff.delay(5, 1)).isEqualTo(Duration.ofMillis(3_200));
        assertThat(Backoff.delay(1_000, 1)).isEqualTo(Duration.ofSeconds(30));
    }
}
