package io.flotilla.config.authorization;

import io.flotilla.config.authorization.AccessPolicy.Action;
import java.util.List;

/**
 * What holds at one port of a workload: all policies that apply, the mesh's before the namespace's, then by name.
 *
 * @param policies of all actions
 */
public record Authorization(List<AccessPolicy> policies) {
    /** Everything is permitted. */
    public static final Authorization NONE = new Authorization(List.of());

    public Authorization {
        policies = List.copyOf(policies);
    }

    /** Those of an action that are carried out, or those that are only told. */
    public List<AccessPolicy> of(Action action, boolean dryRun) {
        return policies.stream()
                .filter(policy -> policy.action() == action && policy.dryRun() == dryRun)
                .toList();
    }

    /**
     * A request must name one host, as some policy that is carried out compares it: of several lines a proxy makes one
     * text that is none of the names, and which of them an application takes nobody knows.
     */
    public boolean wantsOneHost() {
        return policies.stream()
                .filter(policy -> !policy.dryRun())
                .flatMap(policy -> policy.rules().stream())
                .anyMatch(AccessRule::asksForHost);
    }
}
