package io.flotilla.injection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the pods that a manifest makes and injects them; collects what there is to tell. */
final class ManifestInjection {
    private static final Set<String> WITH_TEMPLATE = Set.of(
            "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "DeploymentConfig");

    private final SidecarInjector injector;
    private final String defaultNamespace;
    private final List<String> notes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    ManifestInjection(SidecarInjector injector, String defaultNamespace) {
        this.injector = injector;
        this.defaultNamespace = defaultNamespace;
    }

    List<String> notes() {
        return notes;
    }

    List<String> problems() {
        return problems;
    }

    void problem(String message) {
        problems.add(message);
    }

    Map<String, Object> inject(Map<String, Object> manifest) {
        try {
            return switch (Tree.text(manifest, "kind")) {
                case "Pod" -> pod(manifest, manifest);
                case "CronJob" -> nested(manifest, manifest, List.of("spec", "jobTemplate", "spec", "template"));
                case "List" -> items(manifest);
                case String kind
                when WITH_TEMPLATE.contains(kind) -> nested(manifest, manifest, List.of("spec", "template"));
                default -> manifest;
            };
        } catch (Tree.MalformedManifest e) {
            problem(name(manifest) + ": " + e.getMessage());
            return manifest;
        }
    }

    private Map<String, Object> items(Map<String, Object> list) {
        List<Object> items = new ArrayList<>();
        for (Map<String, Object> item : Tree.objects(list, "items")) {
            items.add(inject(item));
        }
        return Tree.with(list, "items", items);
    }

    private Map<String, Object> nested(Map<String, Object> manifest, Map<String, Object> parent, List<String> path) {
        if (path.isEmpty()) {
            return pod(manifest, parent);
        }
        String field = path.getFirst();
        if (!parent.containsKey(field)) {
            return parent;
        }
        Map<String, Object> child = Tree.object(parent, field);
        Map<String, Object> injected = nested(manifest, child, path.subList(1, path.size()));
        return injected.equals(child) ? parent : Tree.with(parent, field, injected);
    }

    private Map<String, Object> pod(Map<String, Object> manifest, Map<String, Object> pod) {
        Map<String, Object> metadata = Tree.object(manifest, "metadata");
        String namespace = Tree.text(metadata, "namespace");
        PodContext context = new PodContext(
                namespace.isEmpty() ? defaultNamespace : namespace, Tree.text(metadata, "name"), Map.of());
        return switch (injector.inject(pod, context)) {
            case Injection.Injected injected -> {
                injected.warnings().forEach(warning -> notes.add(name(manifest) + ": " + warning));
                yield injected.pod();
            }
            case Injection.Skipped skipped -> {
                notes.add(name(manifest) + ": not injected: " + skipped.reason());
                yield pod;
            }
            case Injection.Refused refused -> {
                refused.problems().forEach(problem -> problem(name(manifest) + ": " + problem));
                yield pod;
            }
        };
    }

    private static String name(Map<String, Object> manifest) {
        return Tree.text(manifest, "kind") + " " + Tree.text(Tree.object(manifest, "metadata"), "name");
    }
}
