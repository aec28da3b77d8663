package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pods as the registry's workloads. */
final class Workloads {
    static final String SIDECAR = "istio-proxy";
    static final String TLS_MODE = "security.istio.io/tlsMode";
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    // Istio: of a pod, before the network of its cluster.
    static final String NETWORK = "topology.istio.io/network";

    private Workloads() {}

    static Workload of(Config<Struct> pod, String cluster, String network, Map<String, String> localities) {
        Manifest manifest = new Manifest(pod.spec());
        String node = manifest.text("spec", "nodeName");
        String account = manifest.text("spec", "serviceAccountName");
        Workload.Builder workload = Workload.newBuilder()
                .setCluster(cluster)
                .setNamespace(pod.namespace())
                .setName(pod.name())
                .setUid(manifest.text("metadata", "uid"))
                .addAllAddresses(addresses(manifest))
                .setNetwork(pod.labels().getOrDefault(NETWORK, network))
                .setServiceAccount(account.isEmpty() ? "default" : account)
                .putAllLabels(pod.labels())
                .putAllAnnotations(pod.annotations())
                .setNode(node)
                .setLocality(locality(pod, localities.getOrDefault(node, "")))
                .setHostNetwork(manifest.flag("spec", "hostNetwork"))
                .setReady(ready(manifest))
                .setTerminating(manifest.value("metadata", "deletionTimestamp").isPresent())
                .setHasSidecar(meshTls(pod.labels(), manifest));
        owner(workload, manifest, pod.labels());
        ports(manifest, workload);
        return workload.build();
    }

    private static List<String> addresses(Manifest pod) {
        if (OVER.contains(pod.text("status", "phase"))) {
            return List.of();
        }
        List<String> all = pod.list("status", "podIPs").stream()
                .map(each -> each.text("ip"))
                .filter(ip -> !ip.isEmpty())
                .toList();
        String one = pod.text("status", "podIP");
        return !all.isEmpty() ? all : one.isEmpty() ? List.of() : List.of(one);
    }

    /** By the condition that the kubelet sets; a manifest written by hand, without conditions, counts as ready. */
    private static boolean ready(Manifest pod) {
        List<Manifest> conditions = pod.list("status", "conditions");
        return !OVER.contains(pod.text("status", "phase"))
                && (conditions.isEmpty()
                        || conditions.stream()
                                .anyMatch(condition -> condition.text("type").equals("Ready")
                                        && condition.text("status").equals("True")));
    }

    // A pod without a proxy may speak mesh TLS by itself (gRPC), and says so by the label that Istio has for it.
    private static boolean meshTls(Map<String, String> labels, Manifest pod) {
        return switch (labels.getOrDefault(TLS_MODE, "")) {
            case "istio" -> true;
            case "disabled" -> false;
            default -> hasSidecar(pod);
        };
    }

    private static boolean hasSidecar(Manifest pod) {
        boolean plain = pod.list("spec", "containers").stream()
                .anyMatch(container -> container.text("name").equals(SIDECAR));
        boolean nativeSidecar = pod.list("spec", "initContainers").stream()
                .anyMatch(container -> container.text("name").equals(SIDECAR)
                        && container.text("restartPolicy").equals("Always"));
        return plain || nativeSidecar;
    }

    /** The label of Istio overrules the node; it may use dots, since a label value has no slash. */
    private static String locality(Config<Struct> pod, String ofNode) {
        String label = pod.labels().getOrDefault("istio-locality", "");
        return label.isEmpty() ? ofNode : label.contains("/") ? label : label.replace('.', '/');
    }

    /** A pod of a Deployment belongs to a ReplicaSet whose name ends with the hash that the pod's label repeats. */
    private static void owner(Workload.Builder workload, Manifest pod, Map<String, String> labels) {
        List<Manifest> owners = pod.list("metadata", "ownerReferences");
        Manifest owner = owners.stream()
                .filter(each -> each.flag("controller"))
                .findFirst()
                .orElse(owners.isEmpty() ? new Manifest(Struct.getDefaultInstance()) : owners.getFirst());
        String kind = owner.text("kind");
        String name = owner.text("name");
        String hash = labels.getOrDefault("pod-template-hash", "");
        if (kind.equals("ReplicaSet") && !hash.isEmpty() && name.endsWith("-" + hash)) {
            kind = "Deployment";
            name = name.substring(0, name.length() - hash.length() - 1);
        }
        workload.setOwnerKind(kind).setOwnerName(name);
    }

    private static void ports(Manifest pod, Workload.Builder workload) {
        for (Manifest container : pod.list("spec", "containers")) {
            for (Manifest port : container.list("ports")) {
                if (!port.text("name").isEmpty()) {
                    port.number("containerPort").ifPresent(number -> workload.putNamedPorts(port.text("name"), number));
                }
            }
        }
    }
}
