package io.flotilla.galley.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.galley.source.MassDeletionGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownObjectsTest {
    private static final MassDeletionGuard GUARD = new MassDeletionGuard(Duration.ofSeconds(30));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Set<String> unselected = new HashSet<>();
    private KnownObjects known = KnownObjects.held(List.of());

    private Map<String, Optional<String>> list(int second, String... names) {
        Map<String, String> documents = new TreeMap<>();
        for (String name : names) {
            documents.put(name, "text of " + name);
        }
        KnownObjects.Step step = known.listed(documents, unselected::contains, GUARD, START.plusSeconds(second));
        known = step.state();
        return step.news();
    }

    private Map<String, Optional<String>> see(String name, String text) {
        KnownObjects.Step step = known.seen(name, Optional.of(text).filter(each -> !each.isEmpty()));
        known = step.state();
        return step.news();
    }

    @Test
    void tellsOnlyTheDifferenceOfALaterList() {
        assertThat(list(0, "a", "b", "c")).hasSize(3);
        assertThat(list(1, "a", "b", "c")).isEmpty();
        assertThat(list(2, "a", "b", "d")).isEqualTo(Map.of("c", Optional.empty(), "d", Optional.of("text of d")));
    }

    @Test
    void aStatusThatMovedIsNoNews() {
        list(0, "a");
        assertThat(see("a", "text of a")).isEmpty();
        assertThat(see("a", "other")).containsOnlyKeys("a");
    }

    @Test
    void aListThatLacksMoreThanHalfIsHeldUntilALaterOneSaysTheSame() {
        list(0, "a", "b", "c", "d", "e");
        assertThat(list(1, "a", "f")).isEqualTo(Map.of("f", Optional.of("text of f")));
        assertThat(known.pending()).isNotNull();
        assertThat(list(29, "a", "f")).isEmpty();
        assertThat(list(31, "a", "f").keySet()).containsExactly("b", "c", "d", "e");
        assertThat(known.pending()).isNull();
        assertThat(known.texts().keys()).containsExactly("a", "f");
    }

    @Test
    void whatIsPassedOverNowGoesAtOnceAndDoesNotCountForTheGuard() {
        list(0, "a", "b", "c", "d", "e", "f");
        unselected.addAll(List.of("c", "d", "e", "f"));
        assertThat(list(1, "a", "b").keySet()).containsExactly("c", "d", "e", "f");
        assertThat(known.pending()).isNull();
        unselected.add("b");
        assertThat(list(2).keySet()).containsExactly("b");
        assertThat(known.pending()).isNotNull();
        assertThat(known.texts().keys()).containsExactly("a");
    }

    @Test
    void aLaterListThatLacksOthersBeginsTheWaitAnew() {
        list(0, "a", "b", "c", "d");
        list(1, "a");
        assertThat(list(40)).isEmpty();
        assertThat(list(60)).isEmpty();
        assertThat(list(70)).hasSize(4);
    }

    @Test
    void aListThatHasThemAgainEndsTheWait() {
        list(0, "a", "b", "c");
        list(1);
        assertThat(list(2, "a", "b", "c")).isEmpty();
        assertThat(known.pending()).isNull();
    }

    @Test
    void halfIsNotMoreThanHalf() {
        list(0, "a", "b");
        assertThat(list(1, "a")).containsOnlyKeys("b");
    }

    @Test
    void theOperatorMayConfirm() {
        list(0, "a", "b", "c");
        list(1);
        see("b", "is back");
        KnownObjects.Step step = known.confirmed();
        assertThat(step.news()).isEqualTo(Map.of("a", Optional.empty(), "c", Optional.empty()));
        assertThat(step.state().texts().keys()).containsExactly("b");
    }

    @Test
    void whatAWatchSaysIsGoneIsGoneEvenWhileOthersWait() {
        list(0, "a", "b", "c");
        list(1);
        assertThat(see("a", "")).isEqualTo(Map.of("a", Optional.empty()));
        assertThat(see("unknown", "")).isEmpty();
        assertThat(list(31)).containsOnlyKeys("b", "c");
    }

    @Test
    void objectsOfAnEarlierRunAreToldAnewAndGuardedFromTheFirstList() {
        known = KnownObjects.held(List.of("a", "b", "c"));
        assertThat(list(0, "a")).isEqualTo(Map.of("a", Optional.of("text of a")));
        assertThat(known.pending()).isNotNull();
        assertThat(list(30, "a").keySet()).containsExactly("b", "c");
    }
}
