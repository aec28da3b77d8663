package io.flotilla.envoy.patch;

import com.google.protobuf.Message;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.FilterClass;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.envoy.endpoint.AddressRange;
import java.util.List;
import java.util.Set;

/**
 * One patch, with Envoy's message for its value.
 *
 * @param source whose patch
 * @param path   where it stands in that object
 * @param to     what it changes
 * @param match  which of these
 * @param bound  listeners on one of these addresses alone, as only 1.1 could say it; empty for all
 * @param change how
 */
public record Patch(
        PatchSource source,
        String path,
        ApplyTo to,
        EnvoyConfigObjectMatch match,
        List<AddressRange> bound,
        Change change) {
    public Patch {
        bound = List.copyOf(bound);
    }

    /**
     * What is done.
     *
     * @param operation   never INVALID
     * @param value       of the type that is changed; empty for REMOVE
     * @param filterClass where an added filter of connections or requests belongs
     * @param earlier     names of the filters that earlier patches add, and that it has to stand behind
     */
    public record Change(Operation operation, Message value, FilterClass filterClass, Set<String> earlier) {
        public Change {
            earlier = Set.copyOf(earlier);
        }

        Change(Operation operation, Message value, FilterClass filterClass) {
            this(operation, value, filterClass, Set.of());
        }
    }

    Patch behind(Set<String> earlier) {
        return new Patch(
                source,
                path,
                to,
                match,
                bound,
                new Change(change.operation(), change.value(), change.filterClass(), earlier));
    }

    Operation operation() {
        return change.operation();
    }

    Message value() {
        return change.value();
    }

    boolean merges() {
        return operation() == Operation.MERGE || operation() == Operation.MERGE_AND_REPLACE_LIST;
    }
}
