package io.flotilla.config.analysis.security;

import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Whom AuthorizationPolicies leave out, and which have no effect. */
final class AuthorizationEffect implements Check {
    private static final Entry UNCOVERED = Entry.info("FA0516", "no AuthorizationPolicy covers a workload", """
                    The mesh uses AuthorizationPolicies, but none applies to this workload, so everybody may call it.
                    Where that is not meant, add an empty policy to the namespace (it allows nothing) and policies
                    that allow what is needed.""")
            .kiali("KIA1301");
    private static final Entry DENIED =
            Entry.warning("FA0521", "a policy that denies everything makes a policy that allows useless", """
            DENY is decided before ALLOW. A DENY policy with a rule without conditions covers the same workloads and
            refuses every request, so what this policy allows is never allowed. Narrow the DENY policy, or replace it
            by an empty ALLOW policy, which refuses only what nobody allows.""");

    @Override
    public List<Entry> entries() {
        return List.of(UNCOVERED, DENIED);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<Config<AuthorizationPolicy>> policies = AuthorizationRules.policies(mesh);
        if (policies.isEmpty()) {
            return;
        }
        Map<WorkloadFact, Config<AuthorizationPolicy>> denied = new HashMap<>();
        Set<WorkloadFact> covered = new HashSet<>();
        for (Config<AuthorizationPolicy> policy : policies) {
            boolean targets =
                    policy.spec().getTargetRefsCount() > 0 || policy.spec().hasTargetRef();
            for (WorkloadFact workload :
                    targets ? List.<WorkloadFact>of() : AuthorizationRules.workloads(mesh, policy)) {
                covered.add(workload);
                if (policy.spec().getAction() == AuthorizationPolicy.Action.DENY && takesAll(policy.spec())) {
                    denied.put(workload, policy);
                }
            }
        }
        for (WorkloadFact workload : mesh.workloads().all()) {
            if (workload.hasManifest()
                    && !mesh.repeated(workload)
                    && !covered.contains(workload)
                    && mesh.namespaces().inMesh(workload)) {
                findings.report(
                        UNCOVERED,
                        workload.source(),
                        workload.at(),
                        "no AuthorizationPolicy applies to it: all may call it");
            }
        }
        for (Config<AuthorizationPolicy> policy : policies) {
            List<WorkloadFact> workloads = AuthorizationRules.workloads(mesh, policy);
            boolean useless = policy.spec().getAction() == AuthorizationPolicy.Action.ALLOW
                    && policy.spec().getRulesCount() > 0
                    && !workloads.isEmpty()
                    && workloads.stream().allMatch(denied::containsKey);
            if (useless) {
                findings.report(
                        DENIED,
                        policy,
                        Paths.SPEC.field("rules"),
                        "allows what " + names(denied, workloads) + " denies to everybody");
            }
        }
    }

    private static boolean takesAll(AuthorizationPolicy policy) {
        return policy.getRulesList().stream()
                .anyMatch(rule -> rule.getFromCount() == 0 && rule.getToCount() == 0 && rule.getWhenCount() == 0);
    }

    private static String names(Map<WorkloadFact, Config<AuthorizationPolicy>> denied, List<WorkloadFact> workloads) {
        return workloads.stream()
                .map(denied::get)
                .filter(Objects::nonNull)
                .map(each -> each.key().toString())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(", "));
    }
}
