package io.flotilla.envoy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** A cache for several threads that forgets what many rounds of translations did not ask for. */
public final class SharedResources implements ResourceCache {
    // A round asks only for what a change touches, so one alone says little about what is still in use.
    private static final int KEPT_ROUNDS = 32;

    private final ConcurrentHashMap<Record, Entry> entries = new ConcurrentHashMap<>();
    private final LongAdder built = new LongAdder();
    private volatile long round;

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
        Entry entry = entries.get(key);
        if (entry == null) {
            // Not computeIfAbsent: building may ask the cache for parts.
            V value = build.apply(key);
            built.increment();
            Entry made = new Entry(value, round);
            Entry earlier = entries.putIfAbsent(key, made);
            entry = earlier == null ? made : earlier;
        }
        entry.used = round;
        return (V) entry.value;
    }

    /** Ends a round: what nobody asked for in the last 32 is forgotten. */
    public void endRound() {
        long ended = round;
        entries.values().removeIf(entry -> entry.used < ended - KEPT_ROUNDS);
        round = ended + 1;
    }

    /** How many values were built since the start. */
    public long built() {
        return built.sum();
    }

    /** How many values are kept. */
    public int size() {
        return entries.size();
    }
}
