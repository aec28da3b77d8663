package io.flotilla.config.snapshot;

import io.flotilla.api.authentication.v1alpha1.MutualTls;
import io.flotilla.api.authentication.v1alpha1.PeerAuthenticationMethod;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PortSelector;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Policy and MeshPolicy of Istio 1.1: the most specific decides alone. A policy that names the service comes before
 * the namespace's, which comes before the mesh's; of several that name it, the oldest.
 */
final class ClassicPolicies {
    private static final Comparator<Config<Policy>> OLDEST =
            Comparator.comparing((Config<Policy> config) -> config.created()).thenComparing(Config::name);

    private final Map<String, List<Config<Policy>>> byNamespace = new HashMap<>();
    private final Optional<Config<Policy>> mesh;

    ClassicPolicies(ObjectTable objects) {
        for (Config<Policy> policy : objects.all(Kind.POLICY, Policy.class)) {
            byNamespace
                    .computeIfAbsent(policy.namespace(), namespace -> new ArrayList<>())
                    .add(policy);
        }
        byNamespace.values().forEach(each -> each.sort(OLDEST));
        this.mesh = objects.all(Kind.MESH_POLICY, Policy.class).stream()
                .filter(policy -> policy.name().equals("default"))
                .findFirst();
    }

    /** There are policies, of which one without peers takes plaintext alone. */
    boolean any() {
        return mesh.isPresent() || !byNamespace.isEmpty();
    }

    Optional<MtlsDecision> mode(String namespace, int port, List<InboundPort> inbound) {
        return deciding(namespace, port, inbound)
                .map(policy ->
                        new MtlsDecision(mode(policy.spec()), Optional.of(new Clause(policy.key(), "spec.peers"))));
    }

    /** The policy that decides for a port. */
    Optional<Config<Policy>> deciding(String namespace, int port, List<InboundPort> inbound) {
        List<Config<Policy>> policies = byNamespace.getOrDefault(namespace, List.of());
        Optional<Config<Policy>> targeted = policies.stream()
                .filter(policy ->
                        policy.spec().getTargetsList().stream().anyMatch(target -> hits(target, port, inbound)))
                .findFirst();
        return targeted.or(() -> policies.stream()
                        .filter(policy -> policy.spec().getTargetsCount() == 0)
                        .findFirst())
                .or(() -> mesh);
    }

    private static boolean hits(TargetSelector target, int port, List<InboundPort> inbound) {
        return inbound.stream()
                .filter(each ->
                        each.endpointPort() == port && each.service().name().equals(target.getName()))
                .anyMatch(each -> target.getPortsCount() == 0
                        || target.getPortsList().stream().anyMatch(named -> hits(named, each.servicePort())));
    }

    private static boolean hits(PortSelector selector, ServicePort port) {
        return switch (selector.getPortCase()) {
            case NUMBER -> selector.getNumber() == port.number();
            case NAME -> selector.getName().equals(port.name());
            case PORT_NOT_SET -> false;
        };
    }

    /** No peer method, or none but JWT, turns mutual TLS off. */
    private static MtlsMode mode(Policy policy) {
        for (PeerAuthenticationMethod method : policy.getPeersList()) {
            if (method.hasMtls()) {
                return method.getMtls().getMode() == MutualTls.Mode.PERMISSIVE ? MtlsMode.PERMISSIVE : MtlsMode.STRICT;
            }
        }
        return MtlsMode.DISABLE;
    }
}
