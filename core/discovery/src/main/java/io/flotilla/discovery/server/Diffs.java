package io.flotilla.discovery.server;

import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Differences between sets, each computed once for all streams that make the same step. It holds the last few
 * hundred steps; one that fell out is computed again.
 */
final class Diffs {
    private static final int STEPS = 512;

    private final SharedNames names = new SharedNames();
    private final VersionTexts versions = new VersionTexts();
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
        Step step = new Step(from, to);
        synchronized (made) {
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

    /** Sets compare by identity: equal sets of different views are different steps, each with an empty difference. */
    private record Step(ResourceSet from, ResourceSet to) {}

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
                union = known;
            }
            return known;
        }
    }
}
