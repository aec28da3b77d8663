package io.flotilla.injection;

import java.util.Map;

/**
 * What is known of a pod beside its own manifest.
 *
 * @param namespace       where it runs
 * @param workload        name of the Deployment or other object that it is made by; empty where the pod itself must tell
 * @param namespaceLabels labels of its namespace; empty also where they are not known
 */
public record PodContext(String namespace, String workload, Map<String, String> namespaceLabels) {
    public PodContext {
        namespaceLabels = Map.copyOf(namespaceLabels);
    }
}
