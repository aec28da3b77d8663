package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.authorization.Term;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Policies of one action as one set of Envoy's rules; each rule keeps the name of its object. */
public final class Rules {
    private Rules() {}

    /**
     * The set.
     *
     * @param http for requests, else for connections
     * @return nothing where there is no policy; a set without rules, which permits nothing, where policies have none
     */
    static Optional<RBAC> of(RBAC.Action action, List<AccessPolicy> policies, boolean http) {
        return of(
                action,
                policies,
                http,
                action == RBAC.Action.DENY
                        && policies.stream()
                                .findFirst()
                                .filter(AccessPolicy::refuses)
                                .isPresent());
    }

    /**
     * The set.
     *
     * @param wide what is not known of a connection makes a rule wider, instead of taking it away
     */
    static Optional<RBAC> of(RBAC.Action action, List<AccessPolicy> policies, boolean http, boolean wide) {
        return of(action, policies, rule -> rule.at(http, wide));
    }

    /** The set of what becomes of the policies' rules; one that becomes nothing is left out. */
    static Optional<RBAC> of(
            RBAC.Action action, List<AccessPolicy> policies, Function<AccessRule, Optional<AccessRule>> told) {
        if (policies.isEmpty()) {
            return Optional.empty();
        }
        RBAC.Builder rules = RBAC.newBuilder().setAction(action);
        for (AccessPolicy policy : policies) {
            for (int i = 0; i < policy.rules().size(); i++) {
                String name = name(policy, i);
                told.apply(policy.rules().get(i)).ifPresent(rule -> rules.putPolicies(name, policy(rule)));
            }
        }
        return Optional.of(rules.build());
    }

    /** "ns[foo]-policy[bar]-rule[0]", as access logs and metrics tell which rule decided. */
    public static String name(AccessPolicy policy, int rule) {
        Kind kind = policy.key().kind();
        String what =
                kind.equals(Kind.SERVICE_ROLE) ? "role" : kind.equals(Kind.SERVICE_ROLE_BINDING) ? "binding" : "policy";
        return "ns[" + policy.key().namespace() + "]-" + what + "["
                + policy.key().name() + "]-rule[" + rule + "]";
    }

    private static Policy policy(AccessRule rule) {
        List<Permission> always = rule.when().stream()
                .filter(term -> !isAboutCaller(term))
                .map(Operations::of)
                .toList();
        List<Principal> whoever = rule.when().stream()
                .filter(Rules::isAboutCaller)
                .map(Callers::of)
                .toList();
        Policy.Builder policy = Policy.newBuilder();
        alternatives(rule.to())
                .forEach(terms -> policy.addPermissions(
                        Sides.all(joined(terms.stream().map(Operations::of).toList(), always))));
        alternatives(rule.from())
                .forEach(terms -> policy.addPrincipals(
                        Sides.andOf(joined(terms.stream().map(Callers::of).toList(), whoever))));
        return policy.build();
    }

    private static List<List<Term>> alternatives(List<List<Term>> given) {
        return given.isEmpty() ? List.of(List.of()) : given;
    }

    private static boolean isAboutCaller(Term term) {
        return term.attribute().kind().isSource();
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
