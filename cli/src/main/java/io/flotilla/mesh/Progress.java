package io.flotilla.mesh;

import io.flotilla.mesh.status.MeshStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells a starting mesh's changes line by line, and at the end what is missing. */
public final class Progress {
    private final Map<String, String> said = new LinkedHashMap<>();

    /** What has changed since the last call. */
    public List<String> news(MeshStatus status) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> each : describe(status).entrySet()) {
            if (!each.getValue().equals(said.put(each.getKey(), each.getValue()))) {
                lines.add(each.getKey() + ": " + each.getValue());
            }
        }
        return lines;
    }

    /** Everything that is not ready. */
    public static List<String> missing(MeshStatus status) {
        return describe(status).entrySet().stream()
                .filter(each -> !each.getValue().equals("ready"))
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
    }

    private static Map<String, String> describe(MeshStatus status) {
        Map<String, String> all = new LinkedHashMap<>();
        status.components()
                .forEach(each -> all.put(
                        each.name(),
                        each.ready()
                                ? "ready"
                                : each.state().name().toLowerCase(java.util.Locale.ROOT) + reason(each.lastError())));
        status.pods().stream()
                .filter(pod -> !pod.terminating())
                .forEach(pod -> all.put("pod " + pod.namespace() + "/" + pod.name(), describe(pod)));
        return all;
    }

    private static String describe(MeshStatus.Pod pod) {
        if (pod.ready() && pod.synced()) {
            return "ready";
        }
        return Optional.of(pod.phase())
                        .filter(phase -> !phase.equals("Running"))
                        .orElse(pod.ready() ? "running, not in sync" : "running, not ready")
                + reason(pod.lastError());
    }

    private static String reason(String error) {
        return error.isEmpty() ? "" : " (" + error + ")";
    }
}
