package io.flotilla.identity.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Rotation.Waits WAITS = new Rotation.Waits(Duration.ofMinutes(10), Duration.ofDays(1));

    @Test
    void goesStepByStepAndNoStepTooEarly() {
        Rotation.Steady steady = new Rotation.Steady("old");
        Rotation distributing = steady.begin("new", NOW);
        assertThat(distributing.signing()).isEqualTo("old");
        assertThat(distributing.trusted()).containsExactly("old", "new");
        assertThat(distributing.advance(NOW.plusSeconds(599), WAITS)).isSameAs(distributing);

        Rotation switched = distributing.advance(NOW.plusSeconds(600), WAITS);
        assertThat(switched.signing()).isEqualTo("new");
        assertThat(switched.trusted()).containsExactly("new", "old");
        assertThat(switched.advance(NOW.plusSeconds(1199).plus(Duration.ofDays(1)), WAITS))
                .isSameAs(switched);

        Rotation done = switched.advance(NOW.plusSeconds(1200).plus(Duration.ofDays(1)), WAITS);
        assertThat(done).isEqualTo(new Rotation.Steady("new"));
        assertThat(done.advance(NOW.plus(Duration.ofDays(9)), WAITS)).isSameAs(done);
    }

    /**
     * Peers learn of a state up to the propagation time late, and hold certificates as long as these live: whatever the
     * delays, each peer believes the root of each certificate that another holds.
     */
    @Property
    void noPeerMeetsARootThatItDoesNotBelieve(
            @ForAll @IntRange(min = 0, max = 600) int lateOne,
            @ForAll @IntRange(min = 0, max = 600) int lateTwo,
            @ForAll @IntRange(min = 1, max = 400) int tickSeconds) {
        List<Rotation> history = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        Rotation state = new Rotation.Steady("old").begin("new", NOW.plusSeconds(1000));
        for (Instant at = NOW; at.isBefore(NOW.plus(Duration.ofHours(26))); at = at.plusSeconds(tickSeconds)) {
            if (at.isBefore(NOW.plusSeconds(1000))) {
                continue;
            }
            state = state.advance(at, WAITS);
            if (history.isEmpty() || !history.getLast().equals(state)) {
                history.add(state);
                times.add(at);
            }
        }
        assertThat(state).isInstanceOf(Rotation.Steady.class);
        for (Instant at = NOW; at.isBefore(NOW.plus(Duration.ofHours(26))); at = at.plusSeconds(301)) {
            for (String root : held(history, times, at, lateOne)) {
                assertThat(at(history, times, at.minusSeconds(lateTwo)).trusted())
                        .as("at %s", at)
                        .contains(root);
            }
        }
    }

    /** Roots of certificates that may be held at a time: issued at any time since one life ago. */
    private static List<String> held(List<Rotation> history, List<Instant> times, Instant now, int late) {
        List<String> roots = new ArrayList<>();
        for (Instant issued = now.minus(WAITS.leaves());
                !issued.isAfter(now);
                issued = issued.plus(Duration.ofMinutes(7))) {
            String root = at(history, times, issued).signing();
            if (!roots.contains(root)) {
                roots.add(root);
            }
        }
        return late < 0 ? List.of() : roots;
    }

    private static Rotation at(List<Rotation> history, List<Instant> times, Instant at) {
        Rotation found = new Rotation.Steady("old");
        for (int i = 0; i < times.size(); i++) {
            found = times.get(i).isAfter(at) ? found : history.get(i);
        }
        return found;
    }

    @Test
    void beginsEarlyEnoughToEndBeforeTheRootDoes() {
        Instant end = NOW.plus(Duration.ofDays(3650));
        assertThat(Rotation.beginBefore(NOW, end, WAITS)).isEqualTo(end.minus(Duration.ofDays(365)));
        Instant soon = NOW.plus(Duration.ofDays(10));
        assertThat(Rotation.beginBefore(NOW, soon, WAITS))
                .isEqualTo(soon.minus(Duration.ofDays(2)).minus(Duration.ofMinutes(40)));
        Instant verySoon = NOW.plus(Duration.ofDays(2));
        assertThat(Rotation.beginBefore(NOW, verySoon, WAITS)).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void comesBackFromItsText() {
        for (Rotation state : List.of(
                new Rotation.Steady("a"),
                new Rotation.Distributing("a", "b", NOW),
                new Rotation.Switched("b", "a", NOW))) {
            assertThat(RotationText.read(RotationText.write(state))).contains(state);
        }
        for (String text : List.of("", "steady", "switched a a " + NOW, "switched a b yesterday", "other a b " + NOW)) {
            assertThat(RotationText.read(text)).as(text).isEmpty();
        }
    }
}
