package io.flotilla.envoy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * A cache for several threads that forgets what many rounds of translations did not ask for. Rounds are counted for each
 * kind of key: a round that asks for no cluster says nothing about which clusters are still in use.
 */
public final class SharedResources implements ResourceCache {
    // A round asks only for what a change touches, so one alone says little about what is still in use.
    private static final int KEPT_ROUNDS = 32;
    // Looking for what nobody asked for costs as much as there is: not at every change.
    private static final int ROUNDS_BETWEEN = 8;

    private final ConcurrentHashMap<Class<?>, Kept> kinds = new ConcurrentHashMap<>();
    private final LongAdder built = new LongAdder();

    /** The values of one kind of key. */
    private static final class Kept {
        private final ConcurrentHashMap<Record, Entry> entries = new ConcurrentHashMap<>();
        private volatile long round;
        private volatile boolean asked;

        private void endRound() {
            if (asked) {
                long ended = round;
                if (ended % ROUNDS_BETWEEN == 0) {
                    entries.values().removeIf(entry -> entry.used < ended - KEPT_ROUNDS);
                }
                round = ended + 1;
                asked = false;
            }
        }
    }

    private static final class Entry {
        private final Object value;
        private volatile long used;

        private Entry(Object value, long used) {
            this.value = value;
            this.used = used;
        }
    }

    @Override
    @SuppressWarnings("unchecked") // A key's class belongs to one function, so the value has that function's type.
    public <K extends Record, V> V get(K key, Function<? super K, ? extends V> build) {
        Kept kept = kinds.computeIfAbsent(key.getClass(), kind -> new Kept());
        if (!kept.asked) {
            kept.asked = true;
        }
        Entry entry = kept.entries.get(key);
        if (entry == null) {
            // Not computeIfAbsent: building may ask the cache for parts.
            V value = build.apply(key);
            built.increment();
            Entry made = new Entry(value, kept.round);
            Entry earlier = kept.entries.putIfAbsent(key, made);
            entry = earlier == null ? made : earlier;
        }
        long round = kept.round;
        if (entry.used != round) {
            entry.used = round;
        }
        return (V) entry.value;
    }

    /** Ends a round: what nobody asked for in the last 32 to 40 that asked for its kind is forgotten. */
    public void endRound() {
        kinds.values().forEach(Kept::endRound);
    }

    /** How many values were built since the start. */
    public long built() {
        return built.sum();
    }

    /** How many values are kept. */
    public int size() {
        return kinds.values().stream().mapToInt(kept -> kept.entries.size()).sum();
    }
}
