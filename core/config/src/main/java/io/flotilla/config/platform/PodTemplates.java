package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Pods as their controllers' templates describe them. */
final class PodTemplates {
    /** More than one machine can run, and little enough that a mistyped number hurts nobody. */
    private static final int MAX_REPLICAS = 10_000;

    private PodTemplates() {}

    /** Makes pods itself: a ReplicaSet of a Deployment is the Deployment's affair. */
    static boolean runsPods(Config<Struct> controller) {
        return LocalPlatform.CONTROLLERS.contains(controller.key().kind())
                && new Manifest(controller.spec())
                        .list("metadata", "ownerReferences")
                        .isEmpty();
    }

    static int replicas(Config<Struct> controller) {
        return controller.key().kind().equals(Kind.DAEMON_SET)
                ? 1
                : Math.clamp(
                        new Manifest(controller.spec())
                                .number("spec", "replicas")
                                .orElse(1),
                        0,
                        MAX_REPLICAS);
    }

    static boolean hasPods(Config<Struct> controller, Collection<Config<Struct>> pods) {
        SortedMap<String, String> selector = selector(controller);
        return pods.stream()
                .anyMatch(pod -> pod.namespace().equals(controller.namespace())
                        && !selector.isEmpty()
                        && pod.labels().entrySet().containsAll(selector.entrySet()));
    }

    /** Old API versions let the selector be left out: the template's labels are it then. */
    private static SortedMap<String, String> selector(Config<Struct> controller) {
        Manifest manifest = new Manifest(controller.spec());
        SortedMap<String, String> selector = manifest.strings("spec", "selector", "matchLabels");
        return selector.isEmpty() ? manifest.strings("spec", "template", "metadata", "labels") : selector;
    }

    static Config<Struct> pod(Config<Struct> controller, int ordinal) {
        Manifest template = new Manifest(controller.spec()).part("spec", "template");
        String name = controller.name() + "-" + ordinal;
        Map<String, String> labels = template.strings("metadata", "labels");
        Map<String, String> annotations = template.strings("metadata", "annotations");
        Struct owner = new StructBuilder()
                .put("apiVersion", "apps/v1")
                .put("kind", controller.key().kind().name())
                .put("name", controller.name())
                .put("controller", true)
                .build();
        StructBuilder metadata = new StructBuilder()
                .put("name", name)
                .put("namespace", controller.namespace())
                .put("labels", labels)
                .structs("ownerReferences", List.of(owner));
        if (!annotations.isEmpty()) {
            metadata.put("annotations", annotations);
        }
        Struct manifest = new StructBuilder()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("metadata", metadata.build())
                .put("spec", template.part("spec").struct())
                .build();
        return new Config<>(
                ObjectKey.of(Kind.POD, controller.namespace(), name),
                manifest,
                labels,
                annotations,
                controller.created(),
                ContentVersion.of(manifest, labels, annotations),
                controller.origin());
    }

    static Config<Struct> running(Config<Struct> pod, String address, boolean ready) {
        Struct condition = new StructBuilder()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .build();
        Struct status = new StructBuilder()
                .put("phase", "Running")
                .put("podIP", address)
                .structs(
                        "podIPs", List.of(new StructBuilder().put("ip", address).build()))
                .structs("conditions", List.of(condition))
                .build();
        return LocalPlatform.with(
                pod, new StructBuilder(pod.spec()).put("status", status).build());
    }

    static Config<Struct> withSidecar(Config<Struct> pod) {
        Manifest spec = new Manifest(pod.spec()).part("spec");
        List<Struct> containers = new ArrayList<>();
        spec.list("containers").forEach(container -> containers.add(container.struct()));
        if (spec.list("containers").stream().anyMatch(each -> each.text("name").equals(Workloads.SIDECAR))) {
            return pod;
        }
        containers.add(new StructBuilder().put("name", Workloads.SIDECAR).build());
        Struct injected = new StructBuilder(spec.struct())
                .structs("containers", containers)
                .build();
        return LocalPlatform.with(
                pod, new StructBuilder(pod.spec()).put("spec", injected).build());
    }
}
