package io.flotilla.envoy.authz;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.api.rbac.v1alpha1.AccessRule.Constraint;
import io.flotilla.api.rbac.v1alpha1.EnforcementMode;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.api.rbac.v1alpha1.Subject;
import io.flotilla.envoy.authz.PolicySet.Classic;
import java.util.List;
import java.util.Map;

/** What roles of 1.1 mean, from their documentation alone. */
final class RolesJudge {
    private RolesJudge() {}

    static boolean permits(Classic set, Asked asked) {
        if (asked.path().contains("#") || !TokenJudge.passes(asked.bearer())) {
            return false;
        }
        RbacConfig config = set.config();
        boolean on = switch (config.getMode()) {
            case ON_WITH_INCLUSION -> isNamed(config.getInclusion());
            case ON_WITH_EXCLUSION -> !isNamed(config.getExclusion());
            case ON -> true;
            case OFF, UNRECOGNIZED -> false;
        };
        return !on
                || config.getEnforcementMode() == EnforcementMode.PERMISSIVE
                || set.bindings().stream().anyMatch(binding -> permits(binding, set, asked));
    }

    private static boolean isNamed(RbacConfig.Target target) {
        return target.getServicesList().contains(Classic.HOST)
                || target.getNamespacesList().contains(PolicySet.NAMESPACE);
    }

    private static boolean permits(ServiceRoleBinding binding, Classic set, Asked asked) {
        var role = set.roles().get(binding.getRoleRef().getName());
        return role != null
                && binding.getMode() != EnforcementMode.PERMISSIVE
                && binding.getSubjectsList().stream().anyMatch(subject -> is(subject, set.peer(), asked))
                && role.getRulesList().stream().anyMatch(rule -> matches(rule, asked));
    }

    private static boolean matches(AccessRule rule, Asked asked) {
        return any(rule.getServicesList(), Classic.HOST)
                && (rule.getMethodsCount() == 0 || any(rule.getMethodsList(), asked.method()))
                && (rule.getPathsCount() == 0 || any(rule.getPathsList(), asked.seen()))
                && rule.getConstraintsList().stream().allMatch(each -> holds(each, asked));
    }

    private static boolean holds(Constraint constraint, Asked asked) {
        return switch (constraint.getKey()) {
            case "destination.labels[version]" -> any(constraint.getValuesList(), "v1");
            case "destination.namespace" -> any(constraint.getValuesList(), PolicySet.NAMESPACE);
            default -> constraint.getValuesList().stream().anyMatch(want -> header(want, asked));
        };
    }

    private static boolean header(String want, Asked asked) {
        return asked.values().stream().anyMatch(value -> want.equals("*") || Judge.wildcard(want, value));
    }

    private static boolean is(Subject subject, boolean usePeer, Asked asked) {
        String peer = asked.identity() == null ? "" : asked.identity().substring("spiffe://".length());
        boolean user =
                subject.getUser().isEmpty() || subject.getUser().equals("*") || Judge.wildcard(subject.getUser(), peer);
        boolean group = subject.getGroup().isEmpty()
                || TokenJudge.values("request.auth.claims[groups]", asked.bearer())
                        .filter(groups -> groups.contains(subject.getGroup()))
                        .isPresent();
        return user
                && group
                && subject.getPropertiesMap().entrySet().stream()
                        .allMatch(each -> property(each, peer, usePeer, asked));
    }

    private static boolean property(Map.Entry<String, String> property, String peer, boolean usePeer, Asked asked) {
        String want = property.getValue();
        return switch (property.getKey()) {
            case "source.namespace" -> Judge.wildcard(want, peer.isEmpty() ? "" : peer.split("/", -1)[2]);
            case "source.ip" -> Judge.inRange(want, "127.0.0.1");
            case "source.principal" -> Judge.wildcard(want, peer);
            case "request.headers[x-a]" -> header(want, asked);
            case "request.auth.principal" ->
                Judge.wildcard(want, usePeer ? peer : TokenJudge.principal(asked.bearer()));
            default ->
                TokenJudge.values(property.getKey(), asked.bearer())
                        .filter(values ->
                                want.equals("*") || values.stream().anyMatch(value -> Judge.wildcard(want, value)))
                        .isPresent();
        };
    }

    private static boolean any(List<String> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> Judge.wildcard(pattern, text));
    }
}
