package io.flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ResourceSetTest {
    @Property(tries = 300)
    void withAndDiffAreWhatAMapSays(@ForAll long seed) {
        Random random = new Random(seed);
        TreeMap<String, Resource> expected = new TreeMap<>();
        ResourceSet set = ResourceSet.EMPTY;
        for (int step = 0; step < 5; step++) {
            List<Resource> changed = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                removed.add("n" + random.nextInt(8));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                changed.add(Views.resource("n" + random.nextInt(8) + "=" + random.nextInt(3)));
            }
            removed.forEach(expected::remove);
            changed.forEach(resource -> expected.put(resource.name(), resource));
            ResourceSet next = set.with(changed, removed);
            assertThat(next.byName()).isEqualTo(expected);
            assertThat(next.version())
                    .isEqualTo(ResourceSet.of(expected.values()).version());
            ResourceDiff diff = ResourceDiff.between(set, next);
            assertThat(set.with(diff.changed(), diff.removed()).byName()).isEqualTo(expected);
            set = next;
        }
    }

    @Test
    void noChangeIsTheSameSet() {
        ResourceSet set = Views.set("a=1", "b=1");
        assertThat(set.with(List.of(), List.of("x"))).isSameAs(set);
        assertThat(ResourceDiff.between(set, Views.set("b=1", "a=1"))).isEqualTo(ResourceDiff.NONE);
        assertThat(set.get("b")).isNotNull();
        assertThat(set.get("c")).isNull();
    }

    @Test
    void versionHas128Bits() {
        String one = Views.set("a=1").version();
        String both = Views.set("a=1", "b=1").version();
        assertThat(one).matches("[0-9a-f]{32}");
        assertThat(both.substring(0, 16)).isNotEqualTo(one.substring(0, 16));
        assertThat(both.substring(16)).isNotEqualTo(one.substring(16)).isNotEqualTo(both.substring(0, 16));
    }
}
