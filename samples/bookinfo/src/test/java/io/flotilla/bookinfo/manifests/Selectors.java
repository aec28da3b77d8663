package io.flotilla.bookinfo.manifests;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes' label selectors, as far as the manifests use them. */
final class Selectors {
    private Selectors() {}

    static boolean match(List<Manifest> expressions, Map<String, String> labels) {
        return expressions.stream().allMatch(expression -> matches(expression, labels.get(expression.text("key"))));
    }

    private static boolean matches(Manifest expression, @Nullable String value) {
        boolean listed = value != null && expression.at("values") instanceof List<?> values && values.contains(value);
        return switch (expression.text("operator")) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new AssertionError("no such operator: " + expression.tree());
        };
    }
}
