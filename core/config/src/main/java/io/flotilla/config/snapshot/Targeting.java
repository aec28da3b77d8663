package io.flotilla.config.snapshot;

import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import java.util.List;
import java.util.Map;

/**
 * Which workloads of a namespace an object is for: those whose labels its selector names, or the pods of the Gateways
 * that its targetRefs name; all where it has neither.
 *
 * @param selector labels that a workload must have
 * @param targets  instead of a selector
 */
public record Targeting(Map<String, String> selector, List<PolicyTargetReference> targets) {
    private static final String GATEWAY_API = "gateway.networking.k8s.io";
    /** Label of pods that serve a Gateway of the Gateway API; its value is the Gateway's name. */
    public static final String GATEWAY_LABEL = GATEWAY_API + "/gateway-name";
    /** Label of the same pods; its value is the name of the Gateway's class. */
    public static final String CLASS_LABEL = GATEWAY_API + "/gateway-class-name";

    public Targeting {
        selector = Map.copyOf(selector);
        targets = List.copyOf(targets);
    }

    /** Neither selector nor targets: it is for the namespace, or in the root namespace for the mesh. */
    public boolean everyone() {
        return selector.isEmpty() && targets.isEmpty();
    }

    /**
     * Whether it is for a workload with these labels.
     *
     * @param own the workload is in the object's own namespace
     */
    public boolean covers(Map<String, String> labels, boolean own) {
        if (!targets.isEmpty()) {
            return targets.stream().anyMatch(target -> names(target, labels, own));
        }
        return labels.entrySet().containsAll(selector.entrySet());
    }

    private static boolean names(PolicyTargetReference target, Map<String, String> labels, boolean own) {
        if (!target.getGroup().equals(GATEWAY_API)) {
            return false;
        }
        return switch (target.getKind()) {
            case "Gateway" -> own && target.getName().equals(labels.get(GATEWAY_LABEL));
            case "GatewayClass" -> target.getName().equals(labels.get(CLASS_LABEL));
            default -> false;
        };
    }
}
