package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.ClassicRoles;
import io.flotilla.config.authorization.CurrentPolicies;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.authorization.TrustDomains;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which policies apply to a workload: AuthorizationPolicy of the root namespace, then of its own. Classic roles hold
 * where none of these says who is permitted, so that a mesh can move from the one to the other by workload.
 */
final class AuthorizationIndex {
    private final PolicyTargets targets;
    private final CurrentPolicies reader;
    private final Map<String, List<Config<AuthorizationPolicy>>> policies;
    private final ClassicRoles classic;
    private final Map<String, List<Config<ServiceRole>>> roles;
    private final Map<String, List<Config<ServiceRoleBinding>>> bindings;
    private final Map<ObjectKey, AccessPolicy> read = new ConcurrentHashMap<>();

    AuthorizationIndex(ObjectTable objects, MeshSettings settings) {
        TrustDomains domains = new TrustDomains(settings.trustDomain(), settings.trustDomainAliases());
        this.targets = new PolicyTargets(settings.rootNamespace());
        this.reader = new CurrentPolicies(domains);
        this.policies = byNamespace(objects.all(Kind.AUTHORIZATION_POLICY, AuthorizationPolicy.class));
        this.classic = new ClassicRoles(
                named(objects, Kind.CLUSTER_RBAC_CONFIG).or(() -> named(objects, Kind.RBAC_CONFIG)), domains);
        this.roles = byNamespace(objects.all(Kind.SERVICE_ROLE, ServiceRole.class));
        this.bindings = byNamespace(objects.all(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.class));
    }

    /**
     * At a port of a workload; 0 for ports that no service has.
     *
     * @param peer see {@link ClassicRoles#of}
     */
    Authorization at(Guarded workload, int port, List<InboundPort> inbound, boolean peer) {
        List<MeshService> services = inbound.stream()
                .filter(each -> each.endpointPort() == port)
                .map(InboundPort::service)
                .distinct()
                .toList();
        List<AccessPolicy> found = current(workload, List.of(), target -> PolicyTargets.isService(target, services));
        if (found.stream().anyMatch(policy -> !policy.dryRun() && policy.action() == AccessPolicy.Action.ALLOW)) {
            return new Authorization(found);
        }
        List<ClassicRoles.Called> called = services.stream()
                .map(service -> new ClassicRoles.Called(service.hostname(), service.name()))
                .toList();
        List<AccessPolicy> old = classic.of(
                workload,
                called,
                roles.getOrDefault(workload.namespace(), List.of()),
                bindings.getOrDefault(workload.namespace(), List.of()),
                peer);
        return found.isEmpty() && old.isEmpty()
                ? Authorization.NONE
                : new Authorization(Stream.concat(found.stream(), old.stream()).toList());
    }

    /** At an edge proxy, for the connections of these Gateways. */
    Authorization atEdge(Guarded workload, Collection<ObjectKey> gateways) {
        return new Authorization(current(
                workload,
                gateways.stream().map(ObjectKey::namespace).sorted().toList(),
                target -> PolicyTargets.isGateway(target, gateways)));
    }

    private List<AccessPolicy> current(Guarded workload, List<String> others, Predicate<PolicyTargetReference> serves) {
        List<AccessPolicy> found = new ArrayList<>();
        for (String namespace : Stream.concat(Stream.of(targets.root(), workload.namespace()), others.stream())
                .distinct()
                .toList()) {
            for (Config<AuthorizationPolicy> policy : policies.getOrDefault(namespace, List.of())) {
                if (applies(policy, workload, serves)) {
                    found.add(read.computeIfAbsent(policy.key(), key -> reader.read(policy)));
                }
            }
        }
        return found;
    }

    private boolean applies(
            Config<AuthorizationPolicy> policy, Guarded workload, Predicate<PolicyTargetReference> serves) {
        AuthorizationPolicy spec = policy.spec();
        List<PolicyTargetReference> named = spec.hasTargetRef()
                ? Stream.concat(spec.getTargetRefsList().stream(), Stream.of(spec.getTargetRef()))
                        .toList()
                : spec.getTargetRefsList();
        return targets.apply(policy.namespace(), spec.getSelector(), named, workload, serves);
    }

    private static Optional<Config<RbacConfig>> named(ObjectTable objects, Kind kind) {
        return objects.all(kind, RbacConfig.class).stream()
                .filter(config -> config.name().equals("default"))
                .findFirst();
    }

    private static <T extends Message> Map<String, List<Config<T>>> byNamespace(Collection<Config<T>> configs) {
        Map<String, List<Config<T>>> map = new HashMap<>();
        configs.forEach(config -> map.computeIfAbsent(config.namespace(), namespace -> new ArrayList<>())
                .add(config));
        return map;
    }
}
