package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.api.type.v1beta1.WorkloadSelector;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which workloads a policy is for, as every kind of policy says it: by labels in its own namespace, or everywhere when it
 * is in the root namespace; or by what it names, which may be a service or Gateway that the connections are for.
 *
 * @param root the mesh's root namespace
 */
record PolicyTargets(String root) {
    private static final String DERIVED = "k8s-gateway.";

    /** Derived names that are longer may end in a hash. */
    private static final int LONG = 200;

    /**
     * Whether a policy applies.
     *
     * @param policy   namespace of the policy
     * @param targets  what it names; empty where it selects by labels
     * @param serves   whether a target, with its namespace, is what the connections are for
     */
    boolean apply(
            String policy,
            WorkloadSelector selector,
            List<PolicyTargetReference> targets,
            Guarded workload,
            Predicate<PolicyTargetReference> serves) {
        boolean own = policy.equals(workload.namespace());
        boolean reaches = own || policy.equals(root);
        return (reaches && new Targeting(selector.getMatchLabelsMap(), targets).covers(workload.labels(), own))
                || targets.stream()
                        .anyMatch(target -> serves.test(
                                target.toBuilder().setNamespace(policy).build()));
    }

    /** The target is one of these services. */
    static boolean isService(PolicyTargetReference target, Collection<MeshService> services) {
        boolean kind = (target.getGroup().isEmpty() && target.getKind().equals("Service"))
                || (target.getGroup().equals(Kind.SERVICE_ENTRY.group())
                        && target.getKind().equals("ServiceEntry"));
        return kind
                && services.stream()
                        .anyMatch(service -> service.name().equals(target.getName())
                                && service.namespace().equals(target.getNamespace()));
    }

    /**
     * The Gateway of the Gateway API from which one of networking.istio.io was derived, by the name of its listener,
     * which stands at the end of the derived name: either may have dots. Others as they are.
     */
    static ObjectKey origin(ObjectKey key, Gateway spec) {
        String listener = "." + spec.getServers(0).getPort().getName();
        return key.name().startsWith(DERIVED) && key.name().endsWith(listener)
                ? ObjectKey.of(
                        key.kind(),
                        key.namespace(),
                        key.name().substring(0, key.name().length() - listener.length()))
                : key;
    }

    /** The target is one of these origins; of a name that was too long only the beginning is known. */
    static boolean isGateway(PolicyTargetReference target, Collection<ObjectKey> gateways) {
        return target.getGroup().equals(GatewayApi.GROUP)
                && target.getKind().equals("Gateway")
                && gateways.stream()
                        .anyMatch(key -> key.namespace().equals(target.getNamespace())
                                && (key.name().equals(DERIVED + target.getName())
                                        || (key.name().length() > LONG
                                                && key.name().startsWith(DERIVED + target.getName() + "."))));
    }
}
