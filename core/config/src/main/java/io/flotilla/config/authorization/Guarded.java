package io.flotilla.config.authorization;

import java.util.Map;

/**
 * The workload that policies protect.
 *
 * @param labels of its pods
 */
public record Guarded(String namespace, String serviceAccount, Map<String, String> labels) {
    public Guarded {
        labels = Map.copyOf(labels);
    }
}
