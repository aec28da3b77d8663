package io.flotilla.telemetry.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.registry.v1.Workload;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RegistryHistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ADDRESS = "10.44.0.5";

    private static Instant at(double seconds) {
        return START.plus(Duration.ofMillis((long) (seconds * 1000)));
    }

    private static Registry owner(String pod) {
        return new FakeRegistry().pod("default", pod, ADDRESS, pod, "bookinfo");
    }

    private static String nameAt(RegistryHistory history, double seconds) {
        return history.byAddress("", ADDRESS, at(seconds))
                .map(Workload::getName)
                .orElse("unknown");
    }

    @Test
    void anAddressBelongsToWhoHadItAtThatTime() {
        RegistryHistory history = RegistryHistory.empty()
                .with(owner("old"), at(0))
                .with(new FakeRegistry(), at(20))
                .with(owner("new"), at(40));

        assertThat(nameAt(history, 10)).isEqualTo("old");
        assertThat(nameAt(history, 25)).isEqualTo("unknown");
        assertThat(nameAt(history, 41)).isEqualTo("new");
    }

    @Test
    void aPodMayCallBeforeTheRegistryKnowsIt() {
        RegistryHistory history =
                RegistryHistory.empty().with(new FakeRegistry(), at(0)).with(owner("new"), at(40));

        assertThat(nameAt(history, 37)).isEqualTo("new");
        assertThat(nameAt(history, 30)).isEqualTo("unknown");
    }

    @Test
    void nobodyIsNamedWhereEitherOwnerCouldBeMeant() {
        RegistryHistory history =
                RegistryHistory.empty().with(owner("old"), at(0)).with(owner("new"), at(20));

        assertThat(nameAt(history, 10)).isEqualTo("old");
        assertThat(nameAt(history, 18)).isEqualTo("unknown");
        assertThat(nameAt(history, 20)).isEqualTo("new");
    }

    @Test
    void theFirstStateAnswersForAllTimeBefore() {
        assertThat(nameAt(RegistryHistory.empty().with(owner("pod"), at(100)), 0))
                .isEqualTo("pod");
    }

    @Test
    void statesOfMoreThanAMinuteAgoAreForgotten() {
        RegistryHistory history =
                RegistryHistory.empty().with(owner("old"), at(0)).with(new FakeRegistry(), at(10));
        assertThat(history.byName("default", "old")).isPresent();

        assertThat(history.with(new FakeRegistry(), at(80)).byName("default", "old"))
                .isEmpty();
    }

    @Test
    void networksAreApart() {
        RegistryHistory history = RegistryHistory.empty().with(owner("pod"), at(0));

        assertThat(history.byAddress("other", ADDRESS, at(1))).isEmpty();
    }
}
