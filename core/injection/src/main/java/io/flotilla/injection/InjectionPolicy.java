package io.flotilla.injection;

import java.util.List;
import java.util.Set;

/**
 * Which pods get a sidecar.
 *
 * @param mode               what holds for a pod that no other rule decides
 * @param never              pods that get none unless they ask for it themselves
 * @param always             pods that get one unless they ask not to
 * @param ignoredNamespaces  where no pod gets one: those of Kubernetes
 * @param controlPlane       namespace of the control plane, which is never injected
 */
public record InjectionPolicy(
        Mode mode,
        List<LabelSelector> never,
        List<LabelSelector> always,
        Set<String> ignoredNamespaces,
        String controlPlane) {
    /** Without selectors, in all namespaces that the caller asks for. */
    public static final InjectionPolicy DEFAULT = new InjectionPolicy(
            Mode.ENABLED,
            List.of(),
            List.of(),
            Set.of("kube-system", "kube-public", "kube-node-lease"),
            "istio-system");

    public InjectionPolicy {
        never = List.copyOf(never);
        always = List.copyOf(always);
        ignoredNamespaces = Set.copyOf(ignoredNamespaces);
    }

    /** What holds where nothing else decides. */
    public enum Mode {
        /** A sidecar for every pod. */
        ENABLED,
        /** A sidecar only for pods that ask for it. */
        DISABLED,
        /** A sidecar for every pod that does not refuse, whatever selectors and namespaces say: {@code kube-inject}. */
        REQUESTED
    }
}
