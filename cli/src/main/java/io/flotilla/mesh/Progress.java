package io.flotilla.mesh;

import io.flotilla.mesh.process.ProcessState;
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
        for (Map.Entry<String, String> each : describe(status, false).entrySet()) {
            if (!each.getValue().equals(said.put(each.getKey(), each.getValue()))) {
                lines.add(each.getKey() + ": " + each.getValue());
            }
        }
        return lines;
    }

    /** Everything that is not ready. */
    public static List<String> missing(MeshStatus status) {
        return describe(status, true).entrySet().stream()
                .filter(each -> !each.getValue().equals("ready"))
                .map(each -> each.getKey() + ": " + each.getValue())
                .toList();
    }

    // What is not ready yet says why as long as it waits: that is no news at a start, and an answer at its end.
    private static Map<String, String> describe(MeshStatus status, boolean whole) {
        Map<String, String> all = new LinkedHashMap<>();
        status.components()
                .forEach(each -> all.put(
                        each.name(),
                        each.ready()
                                ? "ready"
                                : each.state().name().toLowerCase(java.util.Locale.ROOT)
                                        + (whole || each.state() != ProcessState.RUNNING
                                                ? reason(each.lastError())
                                                : "")));
        status.pods().stream()
                .filter(pod -> !pod.terminating())
                .forEach(pod -> all.put("pod " + pod.namespace() + "/" + pod.name(), describe(pod, whole)));
        return all;
    }

    private static String describe(MeshStatus.Pod pod, boolean whole) {
        if (pod.ready() && pod.synced()) {
            return "ready";
        }
        return Optional.of(pod.phase())
                        .filter(phase -> !phase.equals("Running"))
                        .orElse(pod.ready() ? "running, not in sync" : "running, not ready")
                + (whole || pod.ready() ? reason(pod.lastError()) : "");
    }

    private static String reason(String error) {
        return error.isEmpty() ? "" : " (" + error + ")";
    }
}
