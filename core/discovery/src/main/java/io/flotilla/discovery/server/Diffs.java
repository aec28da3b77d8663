package io.flotilla.discovery.server;

import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Differences between sets, each computed once for all streams that make the same step. It holds the last few
 * hundred steps, each for as long as somebody holds both of its sets: what no stream holds and no view is any more is not
 * kept in memory for the sake of a step that nobody will make.
 */
final class Diffs {
    private static final int STEPS = 512;

    /** Less than this is looked through as quickly as it is looked up. */
    private static final int MANY = 16;

    private final SharedNames names = new SharedNames();
    private final VersionTexts versions = new VersionTexts();
    private final Recent<Selection> selections = new Recent<>();
    private final Recent<Set<String>> companions = new Recent<>();
    private final ReferenceQueue<ResourceSet> gone = new ReferenceQueue<>();
    private final Map<Step, Made> made = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Step, Made> eldest) {
            return size() > STEPS;
        }
    };

    /** So are the texts of versions. */
    VersionTexts versions() {
        return versions;
    }

    /** Subscriptions are shared as differences are. */
    SharedNames names() {
        return names;
    }

    /** What of a difference a stream is told: the same for all that hold, want and are owed the same. */
    Selection selection(TypeStream type, ResourceSet to, StreamTerms terms) {
        ResourceDiff diff = between(type.held, to);
        boolean own = type.held.told() || type.owed instanceof HashSet;
        if (own || diff.changed().size() + diff.removed().size() + type.owed.size() < MANY) {
            return Selection.of(type, diff, to, terms);
        }
        Subscription wanted = type.subscription;
        return selections.of(
                to,
                List.of(diff, type.owed, wanted.names(), wanted.wildcard(), type.delta, terms.order(), type.typeUrl),
                () -> Selection.of(type, diff, to, terms));
    }

    /** Names of resources, as far as they are wanted: what is owed because others have changed. */
    Set<String> wanted(List<Resource> changed, Subscription by) {
        return companions.of(changed, List.of(by.names(), by.wildcard(), by.namespaced()), () -> {
            Set<String> names = new HashSet<>();
            changed.stream().map(Resource::name).filter(by::wants).forEach(names::add);
            return Collections.unmodifiableSet(names);
        });
    }

    /** Names that are owed already, and more of them. */
    Set<String> both(Set<String> owed, Set<String> more) {
        if (owed instanceof HashSet) {
            owed.addAll(more);
            return owed;
        }
        return companions.of(more, List.of(owed), () -> {
            Set<String> names = new HashSet<>(owed);
            names.addAll(more);
            return Collections.unmodifiableSet(names);
        });
    }

    ResourceDiff between(ResourceSet from, ResourceSet to) {
        return from == to ? ResourceDiff.NONE : made(from, to).diff;
    }

    /** The later set, and what only the earlier one has: what a client holds until removals are due. */
    ResourceSet union(ResourceSet from, ResourceSet to) {
        if (from == to) {
            return to;
        }
        Made step = made(from, to);
        return step.diff.removed().isEmpty() ? to : step.union(from, to);
    }

    private Made made(ResourceSet from, ResourceSet to) {
        if (from.told()) {
            // Nobody else holds this very set, and it would be kept for long.
            return new Made(ResourceDiff.between(from, to));
        }
        Step step = new Step(from, to, gone);
        synchronized (made) {
            forget();
            Made known = made.get(step);
            if (known != null) {
                return known;
            }
        }
        Made fresh = new Made(ResourceDiff.between(from, to));
        synchronized (made) {
            Made first = made.putIfAbsent(step, fresh);
            return first == null ? fresh : first;
        }
    }

    /** How many steps are remembered. */
    int steps() {
        synchronized (made) {
            forget();
            return made.size();
        }
    }

    private void forget() {
        for (Object end = gone.poll(); end != null; end = gone.poll()) {
            if (end instanceof End known) {
                made.remove(known.step);
            }
        }
    }

    /** Sets compare by identity: equal sets of different views are different steps, each with an empty difference. */
    private static final class Step {
        private final End from;
        private final End to;
        private final int hash;

        Step(ResourceSet from, ResourceSet to, ReferenceQueue<ResourceSet> gone) {
            this.from = new End(this, from, gone);
            this.to = new End(this, to, gone);
            hash = 31 * System.identityHashCode(from) + System.identityHashCode(to);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Step step && from.same(step.from) && to.same(step.to));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** One of a step's sets, for as long as somebody else holds it. */
    private static final class End extends WeakReference<ResourceSet> {
        private final Step step;

        End(Step step, ResourceSet set, ReferenceQueue<ResourceSet> gone) {
            super(set, gone);
            this.step = step;
        }

        boolean same(End other) {
            ResourceSet set = get();
            return set != null && other.refersTo(set);
        }
    }

    private static final class Made {
        private final ResourceDiff diff;
        private @Nullable ResourceSet union;

        Made(ResourceDiff diff) {
            this.diff = diff;
        }

        synchronized ResourceSet union(ResourceSet from, ResourceSet to) {
            ResourceSet known = union;
            if (known == null) {
                known = from.with(to.resources(), List.of());
                // Where nothing is left it is the earlier set, which the step is not to hold.
                union = to.size() == 0 ? null : known;
            }
            return known;
        }
    }
}
