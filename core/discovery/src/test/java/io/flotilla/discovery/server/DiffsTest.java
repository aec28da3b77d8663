package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class DiffsTest {
    private final Diffs diffs = new Diffs();
    private final Recent<List<Resource>> recent = new Recent<>();

    @Test
    void streamsThatMakeTheSameStepShareItsDifference() {
        ResourceSet from = set("old");
        ResourceSet to = set("new");
        assertThat(diffs.between(from, to)).isSameAs(diffs.between(from, to));
        assertThat(diffs.between(from, to).changed()).containsExactlyElementsOf(to.resources());
        assertThat(diffs.steps()).isEqualTo(1);
    }

    @Test
    void aStepIsForgottenWithTheSetFromWhichItLeads() {
        ResourceSet to = set("new");
        diffs.union(set("old"), to);
        becomesEmpty(diffs::steps);
        assertThat(to.size()).isEqualTo(1);
    }

    @Test
    void aStepIsForgottenWithTheSetToWhichItLeads() {
        ResourceSet from = ResourceSet.EMPTY;
        diffs.union(from, set("new"));
        becomesEmpty(diffs::steps);
        assertThat(from.size()).isZero();
    }

    @Test
    void aStepToNothingIsForgottenToo() {
        diffs.union(set("old"), ResourceSet.EMPTY);
        becomesEmpty(diffs::steps);
    }

    @Test
    void whatStreamsWouldMakeOfTheSameIsMadeOnce() {
        ResourceSet set = set("new");
        Set<String> names = Set.of("new");
        List<Resource> first = recent.of(set, List.of(names), () -> List.copyOf(set.resources()));
        assertThat(recent.of(set, List.of(names), () -> List.copyOf(set.resources())))
                .isSameAs(first);
        assertThat(recent.of(set, List.of(Set.of("new", "other")), List::of)).isEmpty();
        assertThat(recent.of(set("new"), List.of(names), List::of)).isEmpty();
    }

    @Test
    void whatWasMadeOfASetIsForgottenWithIt() {
        ResourceSet set = set("new");
        Set<String> names = Set.of("new");
        List<Resource> content = set.resources();
        recent.of(set, List.of(names), () -> content);
        assertThat(recent.size()).isEqualTo(1);
        set = ResourceSet.EMPTY;
        becomesEmpty(recent::size);
        assertThat(set.size()).isZero();
    }

    private static ResourceSet set(String name) {
        return ResourceSet.of(List.of(Resource.of(name, StringValue.of(name))));
    }

    private static void becomesEmpty(IntSupplier size) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (size.getAsInt() > 0) {
            assertThat(System.nanoTime()).as("kept").isLessThan(end);
            System.gc();
            Thread.onSpinWait();
        }
    }
}
