package io.flotilla.discovery.server;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What many streams would each make of the very same things, made once. The things are compared by identity, and the
 * last few results are remembered, each for as long as somebody else holds the first of its things: a result may be as
 * large as all that a proxy is told, and nobody asks for it once that is old.
 */
final class Recent<V> {
    private static final int KEPT = 64;

    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final Map<Things, V> made = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Things, V> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * @param first what it is made of, and does not hold itself
     * @param more  what else
     * @param fresh makes it; called without a lock, and now and then once too often
     */
    V of(Object first, List<Object> more, Supplier<V> fresh) {
        Things key = new Things(first, more, gone);
        synchronized (made) {
            forget();
            V known = made.get(key);
            if (known != null) {
                return known;
            }
        }
        V own = fresh.get();
        synchronized (made) {
            V earlier = made.putIfAbsent(key, own);
            return earlier == null ? own : earlier;
        }
    }

    /** How many are remembered. */
    int size() {
        synchronized (made) {
            forget();
            return made.size();
        }
    }

    private void forget() {
        for (Object ended = gone.poll(); ended != null; ended = gone.poll()) {
            made.remove(ended);
        }
    }

    private static final class Things extends WeakReference<Object> {
        private final List<Object> more;
        private final int hash;

        Things(Object first, List<Object> more, ReferenceQueue<Object> gone) {
            super(first, gone);
            this.more = more;
            int code = System.identityHashCode(first);
            for (Object each : more) {
                code = 31 * code + System.identityHashCode(each);
            }
            hash = code;
        }

        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            Object first = get();
            if (first == null
                    || !(other instanceof Things things)
                    || !things.refersTo(first)
                    || things.more.size() != more.size()) {
                return false;
            }
            for (int i = 0; i < more.size(); i++) {
                if (more.get(i) != things.more.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
