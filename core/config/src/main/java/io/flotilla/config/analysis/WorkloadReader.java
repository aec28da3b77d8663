package io.flotilla.config.analysis;

import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds workloads among objects: controllers by their templates, pods, and registered ones. */
final class WorkloadReader {
    private WorkloadReader() {}

    static List<WorkloadFact> read(Mesh mesh) {
        List<WorkloadFact> workloads = new ArrayList<>();
        for (Config<?> config : mesh.objects()) {
            switch (config.spec()) {
                case Struct manifest -> manifest(cast(config), manifest).ifPresent(workloads::add);
                case Workload registered ->
                    workloads.add(
                            WorkloadFact.ofLabels(config, registered.getLabelsMap(), registered.getServiceAccount()));
                case WorkloadEntry entry ->
                    workloads.add(WorkloadFact.ofLabels(config, entry.getLabelsMap(), entry.getServiceAccount()));
                default -> {}
            }
        }
        return workloads;
    }

    private static Optional<WorkloadFact> manifest(Config<Struct> config, Struct struct) {
        Manifest manifest = new Manifest(struct);
        if (config.key().kind().equals(Kind.POD)) {
            return Optional.of(WorkloadFact.ofManifest(config, manifest, FieldPath.ROOT));
        }
        // A ReplicaSet of a Deployment says what the Deployment says.
        boolean owned = !manifest.list("metadata", "ownerReferences").isEmpty();
        if (owned || manifest.value("spec").isEmpty()) {
            return Optional.empty();
        }
        if (manifest.value("spec", "jobTemplate").isPresent()) {
            return Optional.of(WorkloadFact.ofManifest(
                    config,
                    manifest.part("spec", "jobTemplate", "spec", "template"),
                    Paths.SPEC.field("jobTemplate").field("spec").field("template")));
        }
        boolean template =
                !manifest.list("spec", "template", "spec", "containers").isEmpty();
        return template
                ? Optional.of(WorkloadFact.ofManifest(
                        config, manifest.part("spec", "template"), Paths.SPEC.field("template")))
                : Optional.empty();
    }

    @SuppressWarnings("unchecked") // the spec was looked at
    private static Config<Struct> cast(Config<?> config) {
        return (Config<Struct>) config;
    }
}
