package io.flotilla.config.snapshot;

import io.flotilla.config.model.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * A change that goes no further than this.
 *
 * @param endpoints hosts whose endpoints may differ
 * @param routes    VirtualServices whose HTTP routes may differ
 */
public record Moves(Set<String> endpoints, Set<ObjectKey> routes) {
    /** Nothing has changed. */
    public static final Moves NONE = new Moves(Set.of(), Set.of());

    public Moves {
        endpoints = Set.copyOf(endpoints);
        routes = Set.copyOf(routes);
    }

    /** Both, one after the other. */
    public Moves and(Moves later) {
        Set<String> hosts = new HashSet<>(endpoints);
        hosts.addAll(later.endpoints);
        Set<ObjectKey> rules = new HashSet<>(routes);
        rules.addAll(later.routes);
        return new Moves(hosts, rules);
    }
}
