package io.flotilla.config.analysis;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pods that are alike: those of a controller's template, one pod, or one workload outside of the platform.
 *
 * @param namespace      where they run
 * @param name           of the object
 * @param labels         of the pods
 * @param annotations    of the pods
 * @param serviceAccount never empty
 * @param pod            the manifest's part with "metadata" and "spec"; empty where there is no manifest
 * @param at             where that part stands in its object
 * @param source         the object
 */
public record WorkloadFact(
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        String serviceAccount,
        Manifest pod,
        FieldPath at,
        Config<?> source) {
    private static final Manifest NO_MANIFEST = new Manifest(Struct.getDefaultInstance());

    public WorkloadFact {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** From a pod, or from the part of a controller that describes pods. */
    static WorkloadFact ofManifest(Config<Struct> source, Manifest pod, FieldPath at) {
        String account = pod.text("spec", "serviceAccountName");
        String old = pod.text("spec", "serviceAccount");
        return new WorkloadFact(
                source.namespace(),
                source.name(),
                pod.strings("metadata", "labels"),
                pod.strings("metadata", "annotations"),
                !account.isEmpty() ? account : old.isEmpty() ? "default" : old,
                pod,
                at,
                source);
    }

    /** From something that has no pods. */
    static WorkloadFact ofLabels(Config<?> source, Map<String, String> labels, String account) {
        return new WorkloadFact(
                source.namespace(),
                source.name(),
                labels,
                source.annotations(),
                account.isEmpty() ? "default" : account,
                NO_MANIFEST,
                Paths.SPEC,
                source);
    }

    /** Described by a manifest, so that its containers are known. */
    public boolean hasManifest() {
        return !pod.struct().getFieldsMap().isEmpty();
    }

    /** Has the sidecar's container already. */
    public boolean hasProxy() {
        return containers().stream().anyMatch(each -> each.text("name").equals("istio-proxy"));
    }

    /** Containers, and init containers that stay. */
    public List<Manifest> containers() {
        List<Manifest> all = new ArrayList<>(pod.list("spec", "containers"));
        pod.list("spec", "initContainers").stream()
                .filter(each -> each.text("restartPolicy").equals("Always"))
                .forEach(all::add);
        return all;
    }

    /** What pods with these labels listen on, as far as the manifest says. */
    public Set<Integer> ports() {
        Set<Integer> ports = new HashSet<>();
        containers()
                .forEach(container -> container
                        .list("ports")
                        .forEach(port -> port.number("containerPort").ifPresent(ports::add)));
        return ports;
    }

    /** The number of a named container port. */
    public OptionalInt port(String name) {
        return containers().stream()
                .flatMap(container -> container.list("ports").stream())
                .filter(port -> port.text("name").equals(name))
                .flatMapToInt(port -> port.number("containerPort").stream())
                .findFirst();
    }

    /** Of one object there is one. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WorkloadFact fact && fact.source.key().equals(source.key());
    }

    @Override
    public int hashCode() {
        return source.key().hashCode();
    }
}
