package io.flotilla.config.snapshot;

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
 * is in the root namespace; or by what it names.
 *
 * @param root the mesh's root namespace
 */
record PolicyTargets(String root) {
    private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";
    private static final String GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name";
    private static final String DERIVED = "k8s-gateway.";

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
        if (!targets.isEmpty()) {
            return targets.stream().anyMatch(target -> names(target, policy, workload, serves));
        }
        boolean reaches = policy.equals(root) || policy.equals(workload.namespace());
        return reaches
                && workload.labels()
                        .entrySet()
                        .containsAll(selector.getMatchLabelsMap().entrySet());
    }

    private boolean names(
            PolicyTargetReference target, String policy, Guarded workload, Predicate<PolicyTargetReference> serves) {
        boolean gateway = target.getGroup().equals(GatewayApi.GROUP);
        if (gateway && target.getKind().equals("GatewayClass")) {
            return policy.equals(root)
                    && target.getName().equals(workload.labels().get(GATEWAY_CLASS));
        }
        boolean named = gateway
                && target.getKind().equals("Gateway")
                && policy.equals(workload.namespace())
                && target.getName().equals(workload.labels().get(GATEWAY_NAME));
        return named || serves.test(target.toBuilder().setNamespace(policy).build());
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

    /** The target is the Gateway that one of these was derived from. */
    static boolean isGateway(PolicyTargetReference target, Collection<ObjectKey> gateways) {
        return target.getGroup().equals(GatewayApi.GROUP)
                && target.getKind().equals("Gateway")
                && gateways.stream()
                        .anyMatch(key -> key.namespace().equals(target.getNamespace())
                                && key.name().startsWith(DERIVED + target.getName() + "."));
    }
}
