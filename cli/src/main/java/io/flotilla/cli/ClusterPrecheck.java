package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.config.model.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether a cluster can host the mesh, from what its API server says.
 *
 * @param version     as `kubectl version -o json` has it
 * @param rights      what installing needs, to whether the user may do it; empty where nobody can tell
 * @param deployments of all namespaces
 * @param webhooks    that change pods
 * @param nodes       of the cluster
 * @param objects     of the mesh's kinds that are there already
 */
record ClusterPrecheck(
        JsonNode version,
        Map<String, Boolean> rights,
        JsonNode deployments,
        JsonNode webhooks,
        JsonNode nodes,
        Existing objects) {
    /** Below it the manifests are refused: autoscaling/v2, policy/v1, Pod Security by namespace labels. */
    private static final int OLDEST = 25;
    /** From it on a Job's sidecar ends with the Job, since containers of initContainers may go on. */
    private static final int NATIVE_SIDECARS = 29;
    // What overlays/demo asks for, in round figures: eight pods, and a Kafka beside them.
    private static final double CORES = 2;
    private static final double GIBIBYTES = 4;
    private static final double GIBIBYTE = 1L << 30;

    /**
     * What is there of the mesh's kinds.
     *
     * @param kinds    how many are installed
     * @param count    how many objects of them there are
     * @param findings what is wrong with these objects
     */
    record Existing(int kinds, int count, List<Diagnostic> findings) {}

    List<Checked> checked() {
        List<Checked> checked = new ArrayList<>();
        checked.add(server());
        checked.add(allowed());
        checked.add(planes());
        checked.add(kinds());
        objects.findings().stream()
                .filter(each -> each.severity() == Diagnostic.Severity.ERROR)
                .map(each -> Checked.warning(
                        "objects", "is refused here: " + each.object() + ": " + each.path() + ": " + each.message()))
                .forEach(checked::add);
        checked.add(room());
        return checked;
    }

    private Checked server() {
        JsonNode server = version.path("serverVersion");
        String said = server.path("gitVersion").asText("of no version");
        int minor = Integer.parseInt("0" + server.path("minor").asText().replaceAll("\\D", ""));
        if (minor < OLDEST && server.path("major").asText().equals("1")) {
            return Checked.error("version", "Kubernetes " + said + "; the mesh needs 1." + OLDEST + " or later");
        }
        return minor < NATIVE_SIDECARS
                ? Checked.warning(
                        "version",
                        "Kubernetes " + said + "; before 1." + NATIVE_SIDECARS
                                + " a Job with a sidecar does not end by itself")
                : Checked.ok("version", "Kubernetes " + said);
    }

    private Checked allowed() {
        List<String> missing = rights.entrySet().stream()
                .filter(each -> !each.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (rights.isEmpty()) {
            return Checked.warning("rights", "the API server does not say what this user may do");
        }
        return missing.isEmpty()
                ? Checked.ok("rights", "this user may create all that is installed")
                : Checked.error("rights", "this user may not create " + String.join(", ", missing));
    }

    private Checked planes() {
        List<String> others = Stream.concat(
                        names(deployments)
                                .filter(name -> name.endsWith("/istiod") || name.endsWith("/istio-pilot"))
                                .map(name -> "Deployment " + name),
                        names(webhooks)
                                .filter(name -> name.contains("istio") && name.contains("inject"))
                                .map(name -> "MutatingWebhookConfiguration " + name))
                .toList();
        return others.isEmpty()
                ? Checked.ok("control planes", "none is here")
                : Checked.warning(
                        "control planes",
                        String.join(", ", others)
                                + ": a pod may have one sidecar; give the other a revision, or take it away first");
    }

    private static Stream<String> names(JsonNode list) {
        return list.path("items").valueStream().map(item -> {
            String namespace = item.path("metadata").path("namespace").asText();
            return (namespace.isEmpty() ? "" : namespace + "/")
                    + item.path("metadata").path("name").asText();
        });
    }

    private Checked kinds() {
        return objects.kinds() == 0
                ? Checked.ok("kinds", "none of the mesh's is installed yet")
                : Checked.ok(
                        "kinds",
                        objects.kinds() + " of the mesh's are installed, with " + objects.count()
                                + " objects, which the mesh takes as they are");
    }

    private Checked room() {
        List<JsonNode> ready = nodes.path("items")
                .valueStream()
                .filter(node -> node.path("status")
                        .path("conditions")
                        .valueStream()
                        .anyMatch(each -> each.path("type").asText().equals("Ready")
                                && each.path("status").asText().equals("True")))
                .map(node -> node.path("status").path("allocatable"))
                .toList();
        double cores = ready.stream()
                .mapToDouble(each -> quantity(each.path("cpu").asText()))
                .sum();
        double memory = ready.stream()
                        .mapToDouble(each -> quantity(each.path("memory").asText()))
                        .sum()
                / GIBIBYTE;
        String have = "%d nodes are ready, with %.1f cores and %.1f GiB".formatted(ready.size(), cores, memory);
        if (ready.isEmpty()) {
            return Checked.error("room", "no node is ready: pods would wait");
        }
        return cores < CORES || memory < GIBIBYTES
                ? Checked.warning("room", have + "; the demo wants %.0f cores and %.0f GiB".formatted(CORES, GIBIBYTES))
                : Checked.ok("room", have);
    }

    /** A quantity of Kubernetes: "1500m", "4", "16Gi", "8145540Ki"; 0 for what is none. */
    static double quantity(String text) {
        var parts = java.util.regex.Pattern.compile("([0-9.]+)(m|k|Ki|M|Mi|G|Gi|T|Ti)?")
                .matcher(text);
        if (!parts.matches()) {
            return 0;
        }
        double factor = switch (Objects.requireNonNullElse(parts.group(2), "")) {
            case "m" -> 0.001;
            case "k" -> 1e3;
            case "M" -> 1e6;
            case "G" -> 1e9;
            case "T" -> 1e12;
            case "Ki" -> 1L << 10;
            case "Mi" -> 1L << 20;
            case "Gi" -> GIBIBYTE;
            case "Ti" -> GIBIBYTE * 1024;
            default -> 1;
        };
        return Double.parseDouble(parts.group(1)) * factor;
    }
}
