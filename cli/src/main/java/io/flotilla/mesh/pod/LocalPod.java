package io.flotilla.mesh.pod;

import com.google.protobuf.Struct;
import io.flotilla.config.platform.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod as it is to run, read from its manifest after injection.
 *
 * @param identity its names
 * @param inits    containers that run to their end first, in order
 * @param sidecars init containers that stay ("restartPolicy: Always"), in order
 * @param apps     the other containers
 * @param volumes  by name
 * @param grace    between a container's SIGTERM and SIGKILL
 */
public record LocalPod(
        Identity identity,
        List<LocalContainer> inits,
        List<LocalContainer> sidecars,
        List<LocalContainer> apps,
        Map<String, LocalVolume> volumes,
        Duration grace) {
    public static final String PROXY = "istio-proxy";

    public LocalPod {
        inits = List.copyOf(inits);
        sidecars = List.copyOf(sidecars);
        apps = List.copyOf(apps);
        volumes = Map.copyOf(volumes);
    }

    /** Names and address of a pod. */
    public record Identity(String namespace, String name, String uid, String address, String serviceAccount) {
        /** "NAMESPACE/NAME". */
        public String key() {
            return namespace + "/" + name;
        }
    }

    public boolean hasProxy() {
        return java.util.stream.Stream.concat(sidecars.stream(), apps.stream())
                .anyMatch(container -> container.name().equals(PROXY));
    }

    public static LocalPod read(Struct manifest) {
        Manifest pod = new Manifest(manifest);
        String account = pod.text("spec", "serviceAccountName");
        Identity identity = new Identity(
                pod.text("metadata", "namespace"),
                pod.text("metadata", "name"),
                pod.text("metadata", "uid"),
                pod.text("status", "podIP"),
                account.isEmpty() ? "default" : account);
        List<Manifest> inits = pod.list("spec", "initContainers");
        Map<String, LocalVolume> volumes = new TreeMap<>();
        pod.list("spec", "volumes").forEach(volume -> volumes.put(volume.text("name"), LocalVolume.read(volume)));
        return new LocalPod(
                identity,
                inits.stream()
                        .filter(each -> !stays(each))
                        .map(each -> container(each, pod))
                        .toList(),
                inits.stream()
                        .filter(LocalPod::stays)
                        .map(each -> container(each, pod))
                        .toList(),
                pod.list("spec", "containers").stream()
                        .map(each -> container(each, pod))
                        .toList(),
                volumes,
                Duration.ofSeconds(
                        pod.number("spec", "terminationGracePeriodSeconds").orElse(30)));
    }

    private static boolean stays(Manifest init) {
        return init.text("restartPolicy").equals("Always");
    }

    private static LocalContainer container(Manifest container, Manifest pod) {
        Map<String, String> environment = new TreeMap<>();
        container
                .list("env")
                .forEach(variable -> value(variable, pod)
                        .ifPresent(value -> environment.put(variable.text("name"), expand(value, environment))));
        Map<String, String> mounts = new TreeMap<>();
        container.list("volumeMounts").forEach(mount -> mounts.put(mount.text("mountPath"), mount.text("name")));
        return new LocalContainer(
                container.text("name"),
                new LocalContainer.Entry(
                        container.text("image"), container.texts("command"), container.texts("args"), environment),
                mounts,
                new LocalContainer.Probes(
                        PodProbe.read(container, "startupProbe"),
                        PodProbe.read(container, "readinessProbe"),
                        PodProbe.read(container, "livenessProbe")),
                Duration.ofSeconds(container
                        .number("lifecycle", "preStop", "sleep", "seconds")
                        .orElse(0)),
                container.number("securityContext", "runAsUser").orElse(0));
    }

    /** "$(NAME)" stands for a variable that was set before, as in Kubernetes. */
    private static String expand(String value, Map<String, String> before) {
        String expanded = value;
        for (Map.Entry<String, String> variable : before.entrySet()) {
            expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
        }
        return expanded;
    }

    /** A plain value, or a field of the pod; ConfigMaps, Secrets and resources are not to be had. */
    private static Optional<String> value(Manifest variable, Manifest pod) {
        if (variable.value("valueFrom").isEmpty()) {
            return Optional.of(variable.text("value"));
        }
        String path = variable.text("valueFrom", "fieldRef", "fieldPath");
        return switch (path) {
            case "" -> Optional.empty();
            case "status.podIP", "status.hostIP" -> Optional.of(pod.text("status", "podIP"));
            case "spec.serviceAccountName" -> Optional.of(pod.text("spec", "serviceAccountName"));
            case "spec.nodeName" -> Optional.of(pod.text("spec", "nodeName"));
            default -> metadata(path, pod);
        };
    }

    private static Optional<String> metadata(String path, Manifest pod) {
        int bracket = path.indexOf("['");
        if (path.startsWith("metadata.") && bracket < 0) {
            return Optional.of(pod.text("metadata", path.substring("metadata.".length())));
        }
        if (bracket < 0 || !path.endsWith("']")) {
            return Optional.empty();
        }
        String key = path.substring(bracket + 2, path.length() - 2);
        return Optional.of(pod.text("metadata", path.substring("metadata.".length(), bracket), key));
    }
}
