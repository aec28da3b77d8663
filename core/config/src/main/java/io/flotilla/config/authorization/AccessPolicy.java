package io.flotilla.config.authorization;

import io.flotilla.config.model.ObjectKey;
import java.util.List;

/**
 * One policy in force.
 *
 * @param key      the object that says it
 * @param action   what happens to what a rule matches
 * @param dryRun   its verdict is only told, not carried out
 * @param provider of {@code CUSTOM} whom to ask, else empty
 * @param rules    one that matches is enough
 * @param unrecorded of {@code AUDIT}: what it matches goes on also where no record of it can be kept
 */
public record AccessPolicy(
        ObjectKey key, Action action, boolean dryRun, String provider, List<AccessRule> rules, boolean unrecorded) {
    /** One of which no more is to be known. */
    public AccessPolicy(ObjectKey key, Action action, boolean dryRun, String provider, List<AccessRule> rules) {
        this(key, action, dryRun, provider, rules, false);
    }

    /** In the order in which they are asked; AUDIT changes no verdict. */
    public enum Action {
        CUSTOM,
        DENY,
        ALLOW,
        AUDIT
    }

    public AccessPolicy {
        rules = List.copyOf(rules);
    }

    /** A rule that matches wrongly would refuse too much, never permit too much. */
    public boolean refuses() {
        return action == Action.DENY;
    }
}
