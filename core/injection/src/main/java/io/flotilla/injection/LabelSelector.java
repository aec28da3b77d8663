package io.flotilla.injection;

import java.util.List;
import java.util.Map;

/**
 * Selects by labels (Kubernetes: LabelSelector); all parts must hold.
 *
 * @param matchLabels      labels and the values that they must have
 * @param matchExpressions further conditions
 */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {
    public LabelSelector {
        matchLabels = Map.copyOf(matchLabels);
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** How a label is compared. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /**
     * A condition on one label.
     *
     * @param values of IN and NOT_IN
     */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        boolean matches(Map<String, String> labels) {
            return switch (operator) {
                case IN -> labels.containsKey(key) && values.contains(labels.get(key));
                case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
                case EXISTS -> labels.containsKey(key);
                case DOES_NOT_EXIST -> !labels.containsKey(key);
            };
        }
    }

    /** Whether it selects something with these labels; an empty selector selects nothing. */
    public boolean selects(Map<String, String> labels) {
        boolean empty = matchLabels.isEmpty() && matchExpressions.isEmpty();
        return !empty
                && labels.entrySet().containsAll(matchLabels.entrySet())
                && matchExpressions.stream().allMatch(requirement -> requirement.matches(labels));
    }
}
