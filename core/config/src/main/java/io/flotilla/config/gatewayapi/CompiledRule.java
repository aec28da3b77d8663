package io.flotilla.config.gatewayapi;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import java.util.List;
import java.util.Set;

/**
 * A rule in Istio's words.
 *
 * @param entries  one for each condition, in the order of the rule
 * @param issues   of it
 * @param services that it leads to
 */
record CompiledRule(List<Entry> entries, List<Issue> issues, Set<Backends.Service> services) {
    /** A condition with what is done, and how much it goes before others. */
    record Entry(Rank rank, HTTPRoute spec) {}

    CompiledRule {
        entries = List.copyOf(entries);
        issues = List.copyOf(issues);
        services = Set.copyOf(services);
    }
}
