package io.flotilla.envoy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A cache for several threads that forgets what was not asked for in many rounds of translations, or while many other
 * values were built: a change of everything makes much that is old at once. Rounds and values are counted for each kind of
 * key: a round that asks for no cluster says nothing about which clusters are still in use.
 *
 * <p>Of a kind there are at most a thousand more than twice as many as are in use, and what one round builds.
 */
public final class SharedResources implements ResourceCache {
    // A round asks only for what a change touches, so one alone says little about what is still in use.
    private static final int KEPT_ROUNDS = 32;
    private static final int FEW = 1024;
    // Looking for what nobody asked for costs as much as there is: not at every change.
    private static final int ROUNDS_BETWEEN = 8;

    private final ConcurrentHashMap<Class<?>, Kept> kinds = new ConcurrentHashMap<>();

    /** The values of one kind of key. */
    private static final class Kept {
        private final ConcurrentHashMap<Record, Entry> entries = new ConcurrentHashMap<>();
        private final AtomicLong built = new AtomicLong();
        private volatile long round;
        private volatile boolean asked;
        // How many had been built when each of the last rounds ended, the oldest first.
        private final Deque<Long> ends = new ArrayDeque<>();
        private long looked;
        private long patience = FEW;

        private void endRound() {
            if (!asked) {
                return;
            }
            long now = built.get();
            long next = round + 1;
            ends.add(now);
            round = next;
            asked = false;
            if (next % ROUNDS_BETWEEN == 0 || now - looked >= patience / 4) {
                forget(next, now);
            }
        }

        private void forget(long next, long now) {
            while (ends.size() > KEPT_ROUNDS || ends.element() < now - patience) {
                ends.remove();
            }
            long oldest = next - ends.size();
            entries.values().removeIf(entry -> entry.used < oldest);
            looked = now;
            // Half, so that what many rounds replace cannot add up.
            patience = Math.max(FEW, entries.size() / 2);
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
            kept.built.incrementAndGet();
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

    /** Ends a round, which is where values are forgotten: during one, equal keys have the same value. */
    public void endRound() {
        kinds.values().forEach(Kept::endRound);
    }

    /** How many values were built since the start. */
    public long built() {
        return kinds.values().stream().mapToLong(kept -> kept.built.get()).sum();
    }

    /** How many values are kept. */
    public int size() {
        return kinds.values().stream().mapToInt(kept -> kept.entries.size()).sum();
    }
}
