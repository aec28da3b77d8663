package io.flotilla.discovery.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What many streams would each make of the very same things, made once. The things are compared by identity, and the
 * last few results are remembered.
 */
final class Recent<V> {
    private static final int KEPT = 64;

    private final Map<Things, V> made = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Things, V> eldest) {
            return size() > KEPT;
        }
    };

    /** @param fresh makes it; called without a lock, and now and then once too often */
    V of(List<Object> things, Supplier<V> fresh) {
        Things key = new Things(things);
        synchronized (made) {
            V known = made.get(key);
            if (known != null) {
                return known;
            }
        }
        V own = fresh.get();
        synchronized (made) {
            V first = made.putIfAbsent(key, own);
            return first == null ? own : first;
        }
    }

    private record Things(List<Object> all) {
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Things(List<Object> others)) || others.size() != all.size()) {
                return false;
            }
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            int hash = 0;
            for (Object each : all) {
                hash = 31 * hash + System.identityHashCode(each);
            }
            return hash;
        }
    }
}
