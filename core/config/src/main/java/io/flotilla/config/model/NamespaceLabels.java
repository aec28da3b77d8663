package io.flotilla.config.model;

import io.flotilla.api.mesh.v1alpha1.LabelSelector;
import io.flotilla.api.mesh.v1alpha1.LabelSelectorRequirement;
import java.util.Map;
import java.util.TreeMap;

/**
 * A namespace's labels, and what MeshConfig's selectors say of them.
 *
 * @param labels with "kubernetes.io/metadata.name", which every namespace has in Kubernetes
 */
public record NamespaceLabels(Map<String, String> labels) {
    private static final String NAME = "kubernetes.io/metadata.name";

    public NamespaceLabels {
        labels = Map.copyOf(labels);
    }

    /** The labels of a namespace, which may be none. */
    public static NamespaceLabels of(String namespace, Map<String, String> said) {
        Map<String, String> all = new TreeMap<>(said);
        all.putIfAbsent(NAME, namespace);
        return new NamespaceLabels(all);
    }

    /** All requirements hold; a selector without any chooses every namespace. One that is broken chooses none. */
    public boolean fit(LabelSelector selector) {
        return labels.entrySet().containsAll(selector.getMatchLabelsMap().entrySet())
                && selector.getMatchExpressionsList().stream().allMatch(this::fit);
    }

    private boolean fit(LabelSelectorRequirement requirement) {
        String value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValuesList().contains(value);
            case "NotIn" -> value == null || !requirement.getValuesList().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
