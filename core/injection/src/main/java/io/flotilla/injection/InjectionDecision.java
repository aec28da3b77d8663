package io.flotilla.injection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides whether a pod gets a sidecar. */
final class InjectionDecision {
    private static final Set<String> YES = Set.of("y", "yes", "true", "on");

    private InjectionDecision() {}

    /** Why the pod stays without a sidecar; empty if it gets one. */
    static Optional<String> reasonToSkip(Map<String, Object> pod, PodContext context, InjectionPolicy policy) {
        Map<String, Object> spec = Tree.object(pod, "spec");
        if (Tree.truth(spec, "hostNetwork")) {
            return Optional.of("the pod uses the host's network");
        }
        if (hasProxy(spec)) {
            return Optional.of("the pod already has a container " + Annotations.PROXY_CONTAINER);
        }
        if (context.namespace().equals(policy.controlPlane())) {
            return Optional.of("the control plane in " + policy.controlPlane() + " is never injected");
        }
        String wish = wish(Tree.object(pod, "metadata"));
        boolean wanted = YES.contains(wish);
        if (!wish.isEmpty() && !wanted) {
            return Optional.of(Annotations.INJECT + " is \"" + wish + "\"");
        }
        return policy.mode() == InjectionPolicy.Mode.REQUESTED
                ? Optional.empty()
                : byPolicy(Tree.texts(Tree.object(pod, "metadata"), "labels"), wanted, context, policy);
    }

    private static Optional<String> byPolicy(
            Map<String, String> labels, boolean wanted, PodContext context, InjectionPolicy policy) {
        if (policy.ignoredNamespaces().contains(context.namespace())) {
            return Optional.of("namespace " + context.namespace() + " is ignored");
        }
        if (wanted) {
            return Optional.empty();
        }
        if (anySelects(policy.never(), labels)) {
            return Optional.of("a neverInjectSelector selects the pod");
        }
        if (anySelects(policy.always(), labels)) {
            return Optional.empty();
        }
        if ("disabled".equals(context.namespaceLabels().get("istio-injection"))) {
            return Optional.of("namespace " + context.namespace() + " has the label istio-injection: disabled");
        }
        return policy.mode() == InjectionPolicy.Mode.DISABLED
                ? Optional.of("the policy is disabled and the pod does not ask")
                : Optional.empty();
    }

    // The label is the current way to ask, the annotation the classic one.
    private static String wish(Map<String, Object> metadata) {
        String label = Tree.texts(metadata, "labels").getOrDefault(Annotations.INJECT, "");
        return label.isEmpty() ? Tree.texts(metadata, "annotations").getOrDefault(Annotations.INJECT, "") : label;
    }

    private static boolean hasProxy(Map<String, Object> spec) {
        return java.util.stream.Stream.of("containers", "initContainers")
                .flatMap(list -> Tree.objects(spec, list).stream())
                .anyMatch(container -> Tree.text(container, "name").equals(Annotations.PROXY_CONTAINER));
    }

    private static boolean anySelects(List<LabelSelector> selectors, Map<String, String> labels) {
        return selectors.stream().anyMatch(selector -> selector.selects(labels));
    }
}
