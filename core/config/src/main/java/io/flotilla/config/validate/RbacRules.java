package io.flotilla.config.validate;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.api.rbac.v1alpha1.AuthorizationPolicy;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** rbac.istio.io: where authorization is on, what roles may do, and who has them. */
final class RbacRules {
    private static final FieldPath NAME = FieldPath.ROOT.field("metadata").field("name");

    private RbacRules() {}

    static void clusterConfig(Config<RbacConfig> config, Check check) {
        check.require(
                config.name().equals("default"), "FL0450", NAME, "only the object named \"default\" has an effect");
        RbacConfig spec = config.spec();
        target(
                spec.getMode() == RbacConfig.Mode.ON_WITH_INCLUSION,
                spec.hasInclusion(),
                spec.getInclusion(),
                Check.spec().field("inclusion"),
                check);
        target(
                spec.getMode() == RbacConfig.Mode.ON_WITH_EXCLUSION,
                spec.hasExclusion(),
                spec.getExclusion(),
                Check.spec().field("exclusion"),
                check);
    }

    static void namespacedConfig(Config<RbacConfig> config, Check check) {
        check.warning("FL0460", FieldPath.ROOT.field("kind"), "is deprecated; write \"kind: ClusterRbacConfig\"");
        clusterConfig(config, check);
    }

    private static void target(boolean used, boolean given, RbacConfig.Target target, FieldPath at, Check check) {
        if (used) {
            check.require(
                    target.getServicesCount() + target.getNamespacesCount() > 0,
                    "FL0450",
                    at,
                    "the mode needs services or namespaces here");
        } else if (given) {
            check.warning("FL0461", at, "has no effect in this mode");
        }
        for (int i = 0; i < target.getServicesCount(); i++) {
            String service = target.getServices(i);
            check.require(
                    Names.isHost(service),
                    "FL0450",
                    at.field("services").item(i),
                    "\"" + service + "\" is no host of a service; write NAME.NAMESPACE.svc.cluster.local");
        }
        for (int i = 0; i < target.getNamespacesCount(); i++) {
            String namespace = target.getNamespaces(i);
            check.require(
                    Names.isLabel(namespace),
                    "FL0450",
                    at.field("namespaces").item(i),
                    "\"" + namespace + "\" is no namespace");
        }
    }

    static void role(Config<ServiceRole> config, Check check) {
        FieldPath at = Check.spec().field("rules");
        check.require(config.spec().getRulesCount() > 0, "FL0451", at, "needs a rule");
        rules(config.spec().getRulesList(), true, at, check);
    }

    private static void rules(List<AccessRule> rules, boolean services, FieldPath at, Check check) {
        for (int i = 0; i < rules.size(); i++) {
            new AccessRuleRules(check).rule(rules.get(i), services, at.item(i));
        }
    }

    static void binding(Config<ServiceRoleBinding> config, Check check) {
        binding(config.spec(), Check.spec(), check);
    }

    static void policy(Config<AuthorizationPolicy> config, Check check) {
        check.warning(
                "FL0461",
                FieldPath.ROOT.field("kind"),
                "has no effect in this API group, as in Istio 1.1; write a ServiceRoleBinding,"
                        + " or \"apiVersion: security.istio.io/v1\"");
        FieldPath at = Check.spec();
        check.labels(
                config.spec().getWorkloadSelector().getLabelsMap(),
                at.field("workloadSelector").field("labels"));
        check.require(config.spec().getAllowCount() > 0, "FL0453", at.field("allow"), "needs a binding");
        for (int i = 0; i < config.spec().getAllowCount(); i++) {
            binding(config.spec().getAllow(i), at.field("allow").item(i), check);
        }
    }

    private static void binding(ServiceRoleBinding binding, FieldPath at, Check check) {
        check.require(binding.getSubjectsCount() > 0, "FL0452", at.field("subjects"), "needs a subject");
        for (int i = 0; i < binding.getSubjectsCount(); i++) {
            new SubjectRules(check)
                    .subject(binding.getSubjects(i), at.field("subjects").item(i));
        }
        int given = (binding.hasRoleRef() ? 1 : 0)
                + (binding.getRole().isEmpty() ? 0 : 1)
                + (binding.getActionsCount() > 0 ? 1 : 0);
        if (given != 1) {
            check.error("FL0452", at, "needs " + (given == 0 ? "" : "only one of ") + "roleRef, role or actions");
        }
        if (binding.hasRoleRef()) {
            FieldPath reference = at.field("roleRef");
            check.require(
                    binding.getRoleRef().getKind().equals("ServiceRole"),
                    "FL0452",
                    reference.field("kind"),
                    "must be \"ServiceRole\", not \"" + binding.getRoleRef().getKind() + "\"");
            check.require(!binding.getRoleRef().getName().isEmpty(), "FL0452", reference.field("name"), "is required");
        }
        rules(binding.getActionsList(), false, at.field("actions"), check);
    }
}
