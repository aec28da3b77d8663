package io.flotilla.config.analysis.security;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.Operation;
import io.flotilla.api.security.v1beta1.Rule;
import io.flotilla.api.security.v1beta1.Source;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** AuthorizationPolicies, rule by rule. */
final class AuthorizationRules {
    private AuthorizationRules() {}

    static List<Config<AuthorizationPolicy>> policies(Mesh mesh) {
        return mesh.all(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.class);
    }

    /** All sources of all rules. */
    static void sources(Config<AuthorizationPolicy> policy, BiConsumer<Source, FieldPath> each) {
        for (int i = 0; i < policy.spec().getRulesCount(); i++) {
            Rule rule = policy.spec().getRules(i);
            for (int j = 0; j < rule.getFromCount(); j++) {
                each.accept(
                        rule.getFrom(j).getSource(),
                        Paths.item("rules", i).field("from").item(j).field("source"));
            }
        }
    }

    /** All operations of all rules. */
    static void operations(Config<AuthorizationPolicy> policy, BiConsumer<Operation, FieldPath> each) {
        for (int i = 0; i < policy.spec().getRulesCount(); i++) {
            Rule rule = policy.spec().getRules(i);
            for (int j = 0; j < rule.getToCount(); j++) {
                each.accept(
                        rule.getTo(j).getOperation(),
                        Paths.item("rules", i).field("to").item(j).field("operation"));
            }
        }
    }

    /** Workloads to which a policy applies: of its namespace, or of all where it is in the root namespace. */
    static List<WorkloadFact> workloads(Mesh mesh, Config<AuthorizationPolicy> policy) {
        Map<String, String> selector = policy.spec().getSelector().getMatchLabelsMap();
        boolean root = policy.namespace().equals(mesh.settings().rootNamespace());
        return root
                ? mesh.workloads().selectAnywhere(selector)
                : mesh.workloads().select(policy.namespace(), selector);
    }
}
