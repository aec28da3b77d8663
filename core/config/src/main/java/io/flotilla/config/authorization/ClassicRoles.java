package io.flotilla.config.authorization;

import io.flotilla.api.rbac.v1alpha1.AccessRule.Constraint;
import io.flotilla.api.rbac.v1alpha1.EnforcementMode;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.api.rbac.v1alpha1.Subject;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Roles and bindings of Istio 1.1 as the common model. Where the mesh's RbacConfig switches them on, everything is
 * refused but what a role of the workload's namespace permits.
 */
public final class ClassicRoles {
    private static final String LABEL = "destination.labels[";

    private final Optional<Config<RbacConfig>> config;
    private final ClassicSubjects subjects;

    /** @param config the object "default" of ClusterRbacConfig, or without it that of RbacConfig */
    public ClassicRoles(Optional<Config<RbacConfig>> config, TrustDomains domains) {
        this.config = config;
        this.subjects = new ClassicSubjects(domains);
    }

    /**
     * What holds for a workload where it is called as one of these services.
     *
     * @param services hostname and name of each; empty for a port that no service has
     * @param roles    of the workload's namespace
     * @param bindings of the workload's namespace
     * @param peer     the principal of a request is that of its connection, not that of a token: principalBinding
     *                 USE_PEER of the classic policy that decides
     */
    public List<AccessPolicy> of(
            Guarded workload,
            List<Called> services,
            Collection<Config<ServiceRole>> roles,
            Collection<Config<ServiceRoleBinding>> bindings,
            boolean peer) {
        if (config.isEmpty() || !isOn(config.get().spec(), workload.namespace(), services)) {
            return List.of();
        }
        boolean told = config.get().spec().getEnforcementMode() == EnforcementMode.PERMISSIVE;
        List<AccessPolicy> policies = new ArrayList<>();
        policies.add(new AccessPolicy(config.get().key(), Action.ALLOW, told, "", List.of()));
        for (Config<ServiceRole> role : roles) {
            for (boolean permissive : List.of(false, true)) {
                List<Subject> who = bindings.stream()
                        .filter(binding -> refersTo(binding.spec(), role.name()))
                        .filter(binding -> (binding.spec().getMode() == EnforcementMode.PERMISSIVE) == permissive)
                        .flatMap(binding -> binding.spec().getSubjectsList().stream())
                        .toList();
                policy(role, subjects(who, peer), told || permissive, workload, services)
                        .ifPresent(policies::add);
            }
        }
        for (Config<ServiceRoleBinding> binding : bindings) {
            inline(binding, told, workload, services, peer).ifPresent(policies::add);
        }
        return policies;
    }

    /**
     * A service that stands before a workload.
     *
     * @param name without its domain
     */
    public record Called(String hostname, String name) {}

    private static boolean isOn(RbacConfig config, String namespace, List<Called> services) {
        return switch (config.getMode()) {
            case OFF -> false;
            case ON, UNRECOGNIZED -> true;
            case ON_WITH_INCLUSION -> names(config.getInclusion(), namespace, services);
            case ON_WITH_EXCLUSION -> !names(config.getExclusion(), namespace, services);
        };
    }

    private static boolean names(RbacConfig.Target target, String namespace, List<Called> services) {
        return target.getNamespacesList().contains(namespace)
                || services.stream()
                        .anyMatch(service -> target.getServicesList().contains(service.hostname()));
    }

    private static boolean refersTo(ServiceRoleBinding binding, String role) {
        return binding.getRole().equals(role)
                || (binding.getRoleRef().getKind().equals("ServiceRole")
                        && binding.getRoleRef().getName().equals(role));
    }

    private Optional<AccessPolicy> policy(
            Config<ServiceRole> role, List<List<Term>> who, boolean told, Guarded workload, List<Called> services) {
        List<AccessRule> rules = new ArrayList<>();
        for (int i = 0; i < role.spec().getRulesCount(); i++) {
            io.flotilla.api.rbac.v1alpha1.AccessRule rule = role.spec().getRules(i);
            boolean here = rule.getServicesList().stream().anyMatch(pattern -> calls(pattern, services));
            if (here && holds(rule, workload, services)) {
                rules.addAll(rules("spec.rules[" + i + "]", rule, who));
            }
        }
        return rules.isEmpty()
                ? Optional.empty()
                : Optional.of(new AccessPolicy(role.key(), Action.ALLOW, told, "", rules));
    }

    // What a binding permits by itself, without a role.
    private Optional<AccessPolicy> inline(
            Config<ServiceRoleBinding> binding, boolean told, Guarded workload, List<Called> services, boolean peer) {
        List<AccessRule> rules = new ArrayList<>();
        for (int i = 0; i < binding.spec().getActionsCount(); i++) {
            io.flotilla.api.rbac.v1alpha1.AccessRule rule = binding.spec().getActions(i);
            boolean here = rule.getServicesCount() == 0
                    || rule.getServicesList().stream().anyMatch(pattern -> calls(pattern, services));
            if (here && holds(rule, workload, services)) {
                rules.addAll(rules(
                        "spec.actions[" + i + "]", rule, subjects(binding.spec().getSubjectsList(), peer)));
            }
        }
        boolean permissive = told || binding.spec().getMode() == EnforcementMode.PERMISSIVE;
        return rules.isEmpty()
                ? Optional.empty()
                : Optional.of(new AccessPolicy(binding.key(), Action.ALLOW, permissive, "", rules));
    }

    private static boolean calls(String pattern, List<Called> services) {
        return pattern.equals("*")
                || services.stream()
                        .anyMatch(service -> TextPattern.parse(pattern).matches(service.hostname()));
    }

    private List<List<Term>> subjects(List<Subject> who, boolean peer) {
        return who.stream().map(subject -> subjects.read(subject, peer)).toList();
    }

    // Subjects that only requests can have are a rule of their own, since a connection takes it away.
    private static List<AccessRule> rules(
            String path, io.flotilla.api.rbac.v1alpha1.AccessRule rule, List<List<Term>> who) {
        List<List<Term>> connections = new ArrayList<>();
        List<List<Term>> requests = new ArrayList<>();
        for (List<Term> terms : who) {
            boolean http =
                    terms.stream().anyMatch(term -> term.attribute().kind().isHttp());
            (http ? requests : connections).add(terms);
        }
        List<List<Term>> to = List.of(ClassicOperations.read(rule));
        List<AccessRule> rules = new ArrayList<>();
        if (!connections.isEmpty()) {
            rules.add(new AccessRule(path, connections, to, List.of()));
        }
        if (!requests.isEmpty()) {
            rules.add(new AccessRule(path, requests, to, List.of()));
        }
        return rules;
    }

    /** Constraints on the workload itself, which are decided here. */
    private static boolean holds(
            io.flotilla.api.rbac.v1alpha1.AccessRule rule, Guarded workload, List<Called> services) {
        return rule.getConstraintsList().stream().allMatch(constraint -> holds(constraint, workload, services));
    }

    private static boolean holds(Constraint constraint, Guarded workload, List<Called> services) {
        String key = constraint.getKey();
        List<String> own = switch (key) {
            case "destination.name" -> services.stream().map(Called::name).toList();
            case "destination.namespace" -> List.of(workload.namespace());
            case "destination.user" -> List.of(workload.serviceAccount());
            default -> {
                if (!key.startsWith(LABEL) || !key.endsWith("]")) {
                    yield null;
                }
                String value = workload.labels().get(key.substring(LABEL.length(), key.length() - 1));
                yield value == null ? List.of() : List.of(value);
            }
        };
        return own == null
                || own.stream()
                        .anyMatch(value -> constraint.getValuesList().stream()
                                .anyMatch(pattern -> TextPattern.parse(pattern).matches(value)));
    }

    static boolean isOfWorkload(String key) {
        return key.startsWith(LABEL)
                || List.of("destination.name", "destination.namespace", "destination.user")
                        .contains(key);
    }
}
