package io.flotilla.config.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has a word, for each word: a change gives another index and costs the logarithm of the size, as with
 * {@link SortedTree}.
 */
public final class SortedIndex<K extends Comparable<? super K>> {
    private static final SortedIndex<?> EMPTY = new SortedIndex<>(SortedTree.empty());

    private final SortedTree<Entry<K>, Boolean> entries;

    private SortedIndex(SortedTree<Entry<K>, Boolean> entries) {
        this.entries = entries;
    }

    /** One key that has a word; without a key it comes before all that have it. */
    private record Entry<K extends Comparable<? super K>>(
            String word, @Nullable K key) implements Comparable<Entry<K>> {
        @Override
        public int compareTo(Entry<K> other) {
            int order = word.compareTo(other.word);
            if (order != 0 || key == other.key) {
                return order;
            }
            return key == null ? -1 : other.key == null ? 1 : key.compareTo(other.key);
        }
    }

    @SuppressWarnings("unchecked") // it holds nothing
    public static <K extends Comparable<? super K>> SortedIndex<K> empty() {
        return (SortedIndex<K>) EMPTY;
    }

    /** Where a key had the words before and has those now; the very same index where these are the same. */
    public SortedIndex<K> moved(K key, Collection<String> before, Collection<String> now) {
        Set<String> gone = new HashSet<>(before);
        Set<String> come = new HashSet<>(now);
        gone.removeAll(come);
        come.removeAll(new HashSet<>(before));
        SortedTree<Entry<K>, Boolean> next = entries;
        for (String word : gone) {
            next = next.without(new Entry<>(word, key));
        }
        for (String word : come) {
            next = next.with(new Entry<>(word, key), Boolean.TRUE);
        }
        return next == entries ? this : new SortedIndex<>(next);
    }

    /** All that have a word, sorted. */
    public List<K> of(String word) {
        List<K> all = new ArrayList<>();
        for (Entry<K> entry : entries.keysFrom(new Entry<>(word, null))) {
            K key = entry.key();
            if (key == null || !entry.word().equals(word)) {
                break;
            }
            all.add(key);
        }
        return all;
    }

    /** Something has this word. */
    public boolean has(String word) {
        for (Entry<K> entry : entries.keysFrom(new Entry<>(word, null))) {
            return entry.word().equals(word);
        }
        return false;
    }
}
