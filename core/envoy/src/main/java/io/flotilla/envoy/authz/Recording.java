package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The filters by which a record is kept of what AUDIT policies match, before it goes on: rules that mark it, rules that
 * say what will become of it, and the question to the recorder. They stand before the filters that carry verdicts out, so
 * that what these refuse is on record too.
 *
 * @param guards   with a recorder
 * @param http     for requests, else for connections
 * @param rules    makes a filter that only marks: of rules, under a prefix
 * @param question makes the filter that asks about what has a mark, and lets pass without record or not
 */
record Recording<F>(
        Guards guards, Recorder recorder, boolean http, BiFunction<RBAC, String, F> rules, Question<F> question) {
    /** Makes the filter that asks. */
    interface Question<F> {
        F about(String mark, boolean tolerates);
    }

    List<F> filters() {
        List<F> marks = new ArrayList<>();
        List<F> questions = new ArrayList<>();
        ask(false, marks, questions);
        ask(true, marks, questions);
        if (questions.isEmpty()) {
            return List.of();
        }
        foretell(Action.DENY, RBAC.Action.DENY, Marks.DENY, marks);
        foretell(Action.ALLOW, RBAC.Action.ALLOW, Marks.ALLOW, marks);
        marks.addAll(questions);
        return marks;
    }

    private void ask(boolean tolerates, List<F> marks, List<F> questions) {
        List<AccessPolicy> policies = guards.authorization().policies().stream()
                .filter(policy -> !policy.dryRun() && recorder.isAsked(policy))
                .filter(policy -> recorder.tolerates(policy) == tolerates)
                .toList();
        // As rules of DENY, the ones that match are those that "deny"; what connections do not have takes a rule away.
        String mark = tolerates ? Marks.AUDIT_IF_POSSIBLE : Marks.AUDIT;
        Rules.of(RBAC.Action.DENY, policies, http, false)
                .filter(set -> set.getPoliciesCount() > 0)
                .ifPresent(set -> {
                    marks.add(rules.apply(set, mark));
                    questions.add(question.about(mark, tolerates));
                });
    }

    private void foretell(Action action, RBAC.Action how, String mark, List<F> marks) {
        Rules.of(how, guards.authorization().of(action, false), http)
                .ifPresent(set -> marks.add(rules.apply(set, mark)));
    }
}
