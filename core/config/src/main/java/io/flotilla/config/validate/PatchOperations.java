package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import java.util.Set;

/**
 * What an EnvoyFilter can do to what. Istio admits the rest too, and passes it over; so do validation, which warns of it,
 * and translation.
 */
public final class PatchOperations {
    private static final Set<ApplyTo> ORDERED = Set.of(
            ApplyTo.NETWORK_FILTER,
            ApplyTo.HTTP_FILTER,
            ApplyTo.LISTENER_FILTER,
            ApplyTo.HTTP_ROUTE,
            ApplyTo.VIRTUAL_HOST,
            ApplyTo.FILTER_CHAIN);
    private static final Set<ApplyTo> FILTERS =
            Set.of(ApplyTo.NETWORK_FILTER, ApplyTo.HTTP_FILTER, ApplyTo.LISTENER_FILTER);
    private static final Set<ApplyTo> ALONE = Set.of(ApplyTo.ROUTE_CONFIGURATION, ApplyTo.BOOTSTRAP);

    private PatchOperations() {}

    /** Whether the operation does anything there. */
    public static boolean possible(ApplyTo to, Operation operation) {
        return switch (operation) {
            case MERGE, MERGE_AND_REPLACE_LIST -> to != ApplyTo.EXTENSION_CONFIG;
            case ADD -> !ALONE.contains(to);
            case REMOVE -> !ALONE.contains(to) && to != ApplyTo.EXTENSION_CONFIG;
            case INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST -> ORDERED.contains(to);
            case REPLACE -> FILTERS.contains(to);
            case INVALID, UNRECOGNIZED -> false;
        };
    }
}
