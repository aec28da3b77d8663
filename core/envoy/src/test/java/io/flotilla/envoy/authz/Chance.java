package io.flotilla.envoy.authz;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy.Action;
import io.flotilla.api.security.v1beta1.Condition;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Policies that chance makes of parts. */
record Chance(Random random) {
    String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    /** One or two, perhaps the same. */
    List<String> some(List<String> words) {
        return random.nextBoolean() ? List.of(one(words)) : List.of(one(words), one(words));
    }

    /** One to three policies, three of five to permit, with so many rules at most. */
    List<AuthorizationPolicy> policies(int rules, Supplier<Rule> rule) {
        List<AuthorizationPolicy> policies = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            AuthorizationPolicy.Builder policy =
                    AuthorizationPolicy.newBuilder().setAction(random.nextInt(5) < 3 ? Action.ALLOW : Action.DENY);
            for (int k = random.nextInt(1, rules + 1); k > 0; k--) {
                policy.addRules(rule.get());
            }
            policies.add(policy.build());
        }
        return policies;
    }

    /** Up to two sources and operations each, and in one of so many rules a condition. */
    Rule rule(Supplier<Source> source, Supplier<Operation> operation, int oneOf, Supplier<Condition> condition) {
        Rule.Builder rule = Rule.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addFrom(Rule.From.newBuilder().setSource(source.get()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            rule.addTo(Rule.To.newBuilder().setOperation(operation.get()));
        }
        if (random.nextInt(oneOf) == 0) {
            rule.addWhen(condition.get());
        }
        return rule.build();
    }
}
