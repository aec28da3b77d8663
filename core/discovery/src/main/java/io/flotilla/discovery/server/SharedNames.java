package io.flotilla.discovery.server;

import io.flotilla.discovery.ResourceSet;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Sets of names, each in memory once for all streams that subscribe to the same. A small step from one set to the next
 * is made once, too.
 */
final class SharedNames {
    private static final int STEPS = 64;
    private static final int SMALL_STEP = 8;

    private final Map<Set<String>, WeakReference<Set<String>>> sets = new WeakHashMap<>();
    private final Map<Step, WeakReference<Set<String>>> steps = new LinkedHashMap<>(STEPS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Step, WeakReference<Set<String>>> eldest) {
            return size() > STEPS;
        }
    };

    // A set of resources is compared by identity.
    private final Map<ResourceSet, Set<String>> whole = new WeakHashMap<>();

    /** The first set is compared by identity, since it is shared already. */
    private record Step(Same from, Set<String> more, Set<String> fewer) {}

    private static final class Same {
        private final WeakReference<Set<String>> set;
        private final int hash;

        Same(Set<String> set) {
            this.set = new WeakReference<>(set);
            hash = System.identityHashCode(set);
        }

        @Override
        public boolean equals(Object other) {
            Set<String> mine = set.get();
            return other instanceof Same same && mine != null && same.set.refersTo(mine);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** A set with these names and without those; what was given before is never changed. */
    Set<String> with(Set<String> from, Collection<String> more, Collection<String> fewer) {
        if (more.size() + fewer.size() > SMALL_STEP) {
            return shared(changed(from, more, fewer));
        }
        Step step = new Step(new Same(from), Set.copyOf(more), Set.copyOf(fewer));
        synchronized (this) {
            WeakReference<Set<String>> known = steps.get(step);
            Set<String> made = known == null ? null : known.get();
            if (made != null) {
                return made;
            }
        }
        Set<String> made = shared(changed(from, more, fewer));
        synchronized (this) {
            steps.put(step, new WeakReference<>(made));
        }
        return made;
    }

    /** The names of everything in a set. */
    Set<String> allOf(ResourceSet resources) {
        synchronized (this) {
            Set<String> known = whole.get(resources);
            if (known != null) {
                return known;
            }
        }
        Set<String> names = new HashSet<>();
        resources.resources().forEach(resource -> names.add(resource.name()));
        Set<String> made = shared(Collections.unmodifiableSet(names));
        synchronized (this) {
            whole.put(resources, made);
        }
        return made;
    }

    /** Not a copy by {@link Set#copyOf}: names that a peer chose to collide would be compared each with each. */
    static Set<String> unchanging(Set<String> names) {
        return Collections.unmodifiableSet(new HashSet<>(names));
    }

    private static Set<String> changed(Set<String> from, Collection<String> more, Collection<String> fewer) {
        Set<String> changed = new HashSet<>(from);
        fewer.forEach(changed::remove);
        changed.addAll(more);
        return Collections.unmodifiableSet(changed);
    }

    /** The one set with these names. */
    synchronized Set<String> shared(Set<String> names) {
        WeakReference<Set<String>> known = sets.get(names);
        Set<String> held = known == null ? null : known.get();
        if (held == null) {
            held = names;
            sets.put(names, new WeakReference<>(names));
        }
        return held;
    }
}
