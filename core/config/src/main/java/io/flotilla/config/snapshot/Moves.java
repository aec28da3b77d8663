package io.flotilla.config.snapshot;

import io.flotilla.config.model.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * A change that goes no further than this.
 *
 * @param endpoints hosts whose endpoints may differ
 * @param routes    VirtualServices of which the routes may differ
 * @param services  hosts whose services may have come, gone or changed, or got other DestinationRules; their endpoints
 *                  may differ too
 */
public record Moves(Set<String> endpoints, Set<ObjectKey> routes, Set<String> services) {
    /** Nothing has changed. */
    public static final Moves NONE = new Moves(Set.of(), Set.of(), Set.of());

    public Moves {
        endpoints = Set.copyOf(endpoints);
        routes = Set.copyOf(routes);
        services = Set.copyOf(services);
    }

    /** Both, one after the other. */
    public Moves and(Moves later) {
        return new Moves(both(endpoints, later.endpoints), both(routes, later.routes), both(services, later.services));
    }

    private static <T> Set<T> both(Set<T> one, Set<T> other) {
        if (other.isEmpty()) {
            return one;
        }
        Set<T> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
