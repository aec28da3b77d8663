package io.flotilla.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedTreeTest {
    @Test
    void holdsWhatASortedMapHoldsAfterAnyChanges() {
        Random random = new Random(7);
        TreeMap<Integer, Integer> expected = new TreeMap<>();
        SortedTree<Integer, Integer> tree = SortedTree.empty();
        for (int i = 0; i < 20_000; i++) {
            int key = random.nextInt(700);
            if (random.nextInt(5) < 2) {
                expected.remove(key);
                tree = tree.without(key);
            } else {
                expected.put(key, i);
                tree = tree.with(key, i);
            }
            if (i % 500 == 0) {
                assertThat(tree.keys()).containsExactlyElementsOf(expected.keySet());
                assertThat(tree.values()).containsExactlyElementsOf(expected.values());
                assertThat(tree.size()).isEqualTo(expected.size());
                assertThat(tree.keysFrom(key))
                        .containsExactlyElementsOf(expected.tailMap(key).keySet());
            }
        }
    }

    @Test
    void aChangeLeavesTheMapBeforeItAsItWas() {
        SortedTree<String, String> before =
                SortedTree.<String, String>empty().with("a", "1").with("b", "2");
        SortedTree<String, String> after = before.with("a", "9").without("b").with("c", "3");
        assertThat(before.values()).containsExactly("1", "2");
        assertThat(after.values()).containsExactly("9", "3");
        assertThat(before.without("z")).isSameAs(before);
    }

    @Test
    void staysBalancedWhateverTheOrder() {
        SortedTree<Integer, String> tree = SortedTree.empty();
        for (int i = 0; i < 100_000; i++) {
            tree = tree.with(i, "");
        }
        for (int i = 0; i < 99_000; i++) {
            tree = tree.without(i);
        }
        assertThat(tree.height()).isLessThanOrEqualTo(14);
        List<Integer> keys = new ArrayList<>(tree.keys());
        assertThat(keys).isSorted().hasSize(1000);
    }
}
