package io.flotilla.policy;

import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.model.Clause;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Finding.Stage;
import io.flotilla.policy.Protection.Authorizer;
import io.flotilla.policy.Verdict.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** CUSTOM, then DENY, then ALLOW, then AUDIT; dry runs are noted beside those that are carried out. */
final class AccessCheck {
    static final int FORBIDDEN = 403;

    private final Protection protection;
    private final Facts facts;
    private final RuleMatch match;
    private final List<Finding> findings = new ArrayList<>();

    AccessCheck(Protection protection, Facts facts) {
        this.protection = protection;
        this.facts = facts;
        this.match = new RuleMatch(facts);
    }

    record Result(Answer answer, List<Finding> findings) {}

    /** A rule that matches. */
    private record Hit(AccessPolicy policy, AccessRule rule) {
        Optional<Clause> clause() {
            return Optional.of(new Clause(policy.key(), rule.path()));
        }
    }

    Result decide() {
        boolean several =
                facts.request().filter(each -> each.host().contains(",")).isPresent();
        if (several && protection.authorization().wantsOneHost()) {
            add(Stage.DENY, Effect.REFUSED, "policies compare hosts, and it names several", Optional.empty());
            return result(Answer.DENIED);
        }
        boolean asked = false;
        for (Hit hit : hits(Action.CUSTOM, false, wideForCustom())) {
            boolean can = canBeAsked(hit.policy().provider());
            add(Stage.CUSTOM, can ? Effect.ASKED : Effect.REFUSED, custom(hit.policy(), can), hit.clause());
            if (!can) {
                return result(Answer.DENIED);
            }
            asked = true;
        }
        tellDenied();
        Optional<Hit> denied = hits(Action.DENY, false, true).stream().findFirst();
        if (denied.isPresent()) {
            add(
                    Stage.DENY,
                    Effect.REFUSED,
                    "a rule of DENY matches",
                    denied.get().clause());
            return result(Answer.DENIED);
        }
        tellAllowed();
        if (!isPermitted()) {
            return result(Answer.DENIED);
        }
        hits(Action.AUDIT, false, false)
                .forEach(hit -> add(Stage.AUDIT, Effect.NOTED, "a rule of AUDIT matches", hit.clause()));
        return result(asked ? Answer.DEPENDS : Answer.ALLOWED);
    }

    private boolean isPermitted() {
        List<AccessPolicy> permitting = protection.authorization().of(Action.ALLOW, false);
        if (permitting.isEmpty()) {
            add(Stage.ALLOW, Effect.PASSED, "no policy says who is permitted: everybody is", Optional.empty());
            return true;
        }
        Optional<Hit> hit = hits(Action.ALLOW, false, false).stream().findFirst();
        if (hit.isPresent()) {
            add(Stage.ALLOW, Effect.PASSED, "a rule of ALLOW matches", hit.get().clause());
            return true;
        }
        add(Stage.ALLOW, Effect.REFUSED, "no rule permits it, of " + names(permitting), first(permitting));
        return false;
    }

    private void tellDenied() {
        hits(Action.DENY, true, true).stream()
                .findFirst()
                .ifPresent(hit -> add(Stage.DENY, Effect.NOTED, "dry run: it would be refused", hit.clause()));
    }

    private void tellAllowed() {
        List<AccessPolicy> told = protection.authorization().of(Action.ALLOW, true);
        if (told.isEmpty()) {
            return;
        }
        hits(Action.ALLOW, true, false).stream()
                .findFirst()
                .ifPresentOrElse(
                        hit -> add(Stage.ALLOW, Effect.NOTED, "dry run: it would be permitted", hit.clause()),
                        () -> add(
                                Stage.ALLOW,
                                Effect.NOTED,
                                "dry run: no rule would permit it, of " + names(told),
                                first(told)));
    }

    /** The first rule of each policy that matches. */
    private List<Hit> hits(Action action, boolean dryRun, boolean wide) {
        List<Hit> hits = new ArrayList<>();
        for (AccessPolicy policy : protection.authorization().of(action, dryRun)) {
            policy.rules().stream()
                    .filter(rule ->
                            rule.at(facts.http(), wide).filter(match::matches).isPresent())
                    .findFirst()
                    .ifPresent(rule -> hits.add(new Hit(policy, rule)));
        }
        return hits;
    }

    // Where a client can choose to make a connection, it must not get around the authorizer by that.
    private boolean wideForCustom() {
        return !facts.http() && protection.isUndecided();
    }

    private boolean canBeAsked(String provider) {
        return protection.authorizers().stream()
                .filter(each -> each.name().equals(provider))
                .anyMatch(each -> facts.http() || each.connections());
    }

    private String custom(AccessPolicy policy, boolean can) {
        return can
                ? "the authorizer \"" + policy.provider() + "\" is asked"
                : "the authorizer \"" + policy.provider() + "\" cannot be asked "
                        + (protection.authorizers().stream()
                                        .map(Authorizer::name)
                                        .anyMatch(policy.provider()::equals)
                                ? "about connections"
                                : "by this workload")
                        + ": refused";
    }

    private static Optional<Clause> first(List<AccessPolicy> policies) {
        return Optional.of(new Clause(policies.getFirst().key(), ""));
    }

    private static String names(List<AccessPolicy> policies) {
        return policies.stream()
                .map(policy -> policy.key().toString())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private void add(Stage stage, Effect effect, String what, Optional<Clause> by) {
        findings.add(new Finding(stage, effect, what, by));
    }

    private Result result(Answer answer) {
        return new Result(answer, findings);
    }
}
