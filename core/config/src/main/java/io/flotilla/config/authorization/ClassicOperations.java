package io.flotilla.config.authorization;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.api.rbac.v1alpha1.AccessRule.Constraint;
import io.flotilla.config.authorization.Attribute.Kind;
import java.util.ArrayList;
import java.util.List;

/** What a classic rule permits, as far as requests decide it. */
final class ClassicOperations {
    private ClassicOperations() {}

    static List<Term> read(AccessRule rule) {
        List<Term> terms = new ArrayList<>();
        add(terms, Kind.HOST, false, rule.getHostsList(), "hosts");
        add(terms, Kind.HOST, true, rule.getNotHostsList(), "notHosts");
        add(terms, Kind.PATH, false, rule.getPathsList(), "paths");
        add(terms, Kind.PATH, true, rule.getNotPathsList(), "notPaths");
        add(terms, Kind.METHOD, false, rule.getMethodsList(), "methods");
        add(terms, Kind.METHOD, true, rule.getNotMethodsList(), "notMethods");
        add(terms, Kind.PORT, false, numbers(rule.getPortsList()), "ports");
        add(terms, Kind.PORT, true, numbers(rule.getNotPortsList()), "notPorts");
        for (Constraint constraint : rule.getConstraintsList()) {
            if (!ClassicRoles.isOfWorkload(constraint.getKey())) {
                terms.add(new Term(
                        Attribute.parse(constraint.getKey()), false, constraint.getValuesList(), constraint.getKey()));
            }
        }
        return terms;
    }

    private static List<String> numbers(List<Integer> ports) {
        return ports.stream().map(String::valueOf).toList();
    }

    private static void add(List<Term> terms, Kind kind, boolean negated, List<String> values, String field) {
        if (!values.isEmpty()) {
            terms.add(Term.of(kind, negated, values, field));
        }
    }
}
