package io.flotilla.envoy;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Load assignments as they were made last, from which the next follow where only the endpoints of some hosts have moved
 * since: such a change costs what it moves, not what the mesh holds. Whoever translates says what moved, before it
 * translates.
 */
public final class EndpointSteps {
    private static final int KEPT_MOVES = 32;
    private static final EndpointSteps NONE = new EndpointSteps(false);

    private final boolean remembers;
    private final Map<Record, Last> parts = new HashMap<>();
    private long moves;

    private EndpointSteps(boolean remembers) {
        this.remembers = remembers;
    }

    public EndpointSteps() {
        this(true);
    }

    /** Remembers nothing. */
    public static EndpointSteps none() {
        return NONE;
    }

    /**
     * What one part of the mesh was told.
     *
     * @param assignments sorted by name
     * @param moved       hosts whose endpoints have moved since
     * @param lasting     does not depend on which routes there are
     * @param asked       at which move it was asked for last
     */
    private record Last(List<ClusterLoadAssignment> assignments, Set<String> moved, boolean lasting, long asked) {
        Last and(Set<String> hosts) {
            Set<String> all = new HashSet<>(moved);
            all.addAll(hosts);
            return new Last(assignments, all, lasting, asked);
        }
    }

    /** Endpoints of these hosts have moved, and nothing else has changed. */
    public synchronized void moved(Set<String> hosts) {
        moves++;
        parts.values().removeIf(last -> last.asked() < moves - KEPT_MOVES);
        parts.replaceAll((part, last) -> last.and(hosts));
    }

    /** Routes have changed, but nothing that endpoints depend on, save through what a Sidecar imports. */
    public synchronized void rerouted() {
        parts.values().removeIf(last -> !last.lasting());
    }

    /** Anything has changed. */
    public synchronized void forget() {
        parts.clear();
    }

    /**
     * The assignments of a part.
     *
     * @param lasting whether they do not depend on which routes there are
     * @param step    makes them of the last ones and the hosts that moved; empty where that cannot be done
     * @param whole   makes them anew
     */
    synchronized List<ClusterLoadAssignment> of(
            Record part,
            boolean lasting,
            BiFunction<List<ClusterLoadAssignment>, Set<String>, Optional<List<ClusterLoadAssignment>>> step,
            Supplier<List<ClusterLoadAssignment>> whole) {
        if (!remembers) {
            return whole.get();
        }
        Last last = parts.get(part);
        Optional<List<ClusterLoadAssignment>> stepped = last == null
                ? Optional.empty()
                : last.moved().isEmpty()
                        ? Optional.of(last.assignments())
                        : step.apply(last.assignments(), last.moved());
        List<ClusterLoadAssignment> made = stepped.orElseGet(() -> shared(whole.get()));
        parts.put(part, new Last(made, Set.of(), lasting, moves));
        return made;
    }

    // Parts of which nothing depends on the part have one list, so that the next step is taken once for all of them.
    private List<ClusterLoadAssignment> shared(List<ClusterLoadAssignment> made) {
        @Nullable
        List<ClusterLoadAssignment> known = parts.values().stream()
                .map(Last::assignments)
                .filter(each -> same(each, made))
                .findFirst()
                .orElse(null);
        return known == null ? made : known;
    }

    @SuppressWarnings("ReferenceEquality") // equal assignments come from one cache: a look into them is not worth it
    private static boolean same(List<ClusterLoadAssignment> one, List<ClusterLoadAssignment> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i) != other.get(i)) {
                return false;
            }
        }
        return true;
    }
}
