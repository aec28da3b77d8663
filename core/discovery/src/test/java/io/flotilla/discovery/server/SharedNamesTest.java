package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedNamesTest {
    private final SharedNames shared = new SharedNames();
    private final List<String> thousand =
            IntStream.range(0, 1_000).mapToObj(i -> "svc-" + i).toList();

    @Test
    void whoWantsTheSameHasTheSameSet() {
        Set<String> one = shared.with(Set.of(), thousand, List.of());
        Set<String> other = shared.with(Set.of(), thousand.reversed(), List.of());

        assertThat(other).isSameAs(one).hasSize(1_000);
    }

    @Test
    void aSmallStepFromTheSameSetLeadsToTheSameSet() {
        Set<String> before = shared.with(Set.of(), thousand, List.of());
        Set<String> one = shared.with(before, List.of("new"), List.of("svc-3"));
        Set<String> other = shared.with(before, List.of("new"), List.of("svc-3"));

        assertThat(other).isSameAs(one).hasSize(1_000).contains("new").doesNotContain("svc-3");
        assertThat(before).contains("svc-3").doesNotContain("new");
    }

    @Test
    void aNameThatIsGivenAndTakenIsWanted() {
        assertThat(shared.with(Set.of("a"), List.of("a"), List.of("a", "b"))).containsExactly("a");
    }
}
