package io.flotilla.config.object;

import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Kinds that are known, and that this version does not act on. */
final class LaterKinds {
    private static final Set<String> CLUSTER_SCOPED = Set.of(
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "PersistentVolume",
            "StorageClass",
            "PriorityClass",
            "PodSecurityPolicy");

    private static final String[] LINES = {
        "extensions.istio.io v1alpha1 TrafficExtension",
        "networking.k8s.io v1,v1beta1 NetworkPolicy",
        "extensions v1beta1 NetworkPolicy,PodSecurityPolicy",
        "- v1 PersistentVolume,PersistentVolumeClaim,LimitRange,ResourceQuota,Event",
        "rbac.authorization.k8s.io v1,v1beta1 Role,RoleBinding,ClusterRole,ClusterRoleBinding",
        "apiextensions.k8s.io v1,v1beta1 CustomResourceDefinition",
        "admissionregistration.k8s.io v1,v1beta1 MutatingWebhookConfiguration,ValidatingWebhookConfiguration",
        "autoscaling v1,v2,v2beta1,v2beta2 HorizontalPodAutoscaler",
        "policy v1,v1beta1 PodDisruptionBudget,PodSecurityPolicy",
        "storage.k8s.io v1 StorageClass",
        "scheduling.k8s.io v1 PriorityClass",
        "kustomize.config.k8s.io v1beta1,v1alpha1 Kustomization,Component",
        "coordination.k8s.io v1 Lease",
    };

    private LaterKinds() {}

    static List<KnownKind> list() {
        List<KnownKind> kinds = new ArrayList<>();
        for (String line : LINES) {
            List<String> parts = List.of(line.split(" ", 3));
            String group = parts.get(0).equals("-") ? "" : parts.get(0);
            List<String> versions = List.of(parts.get(1).split(",", -1));
            for (String name : parts.get(2).split(",", -1)) {
                boolean namespaced = !CLUSTER_SCOPED.contains(name);
                KindInfo info = new KindInfo(new Kind(group, name), namespaced, new KindInfo.Shape.NotYet());
                kinds.add(new KnownKind(info, group, versions));
            }
        }
        return kinds;
    }
}
