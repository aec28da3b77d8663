package io.flotilla.injection;

import java.util.List;
import java.util.Map;

/** Finds out what a pod is a replica of. */
final class Workloads {
    private Workloads() {}

    /** The name of what made the pod; for a ReplicaSet, of the Deployment that made that. */
    static String nameOf(Map<String, Object> metadata) {
        List<Map<String, Object>> owners = Tree.objects(metadata, "ownerReferences");
        for (Map<String, Object> owner : owners) {
            if (Tree.truth(owner, "controller") || owners.size() == 1) {
                String name = Tree.text(owner, "name");
                String hash = Tree.texts(metadata, "labels").getOrDefault("pod-template-hash", "");
                return !hash.isEmpty() && name.endsWith("-" + hash)
                        ? name.substring(0, name.length() - hash.length() - 1)
                        : name;
            }
        }
        String name = Tree.text(metadata, "name");
        return name.isEmpty() ? withoutDashes(Tree.text(metadata, "generateName")) : name;
    }

    /** Label "app", else "app.kubernetes.io/name", else the workload. */
    static String app(Map<String, String> labels, String workload) {
        String current = labels.getOrDefault("app.kubernetes.io/name", workload);
        String app = labels.getOrDefault("app", current);
        return app.isEmpty() ? Annotations.PROXY_CONTAINER : app;
    }

    private static String withoutDashes(String prefix) {
        return prefix.endsWith("-") ? withoutDashes(prefix.substring(0, prefix.length() - 1)) : prefix;
    }
}
