package io.flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The logs of a mesh: COMPONENT.log, or NAMESPACE_POD_CONTAINER.log.
 *
 * @param all sorted by name
 */
record LogFiles(List<Path> all) {
    /** What components are called by the names of their Services in a cluster, of 1.1 and today's. */
    private static final Map<String, String> IN_A_CLUSTER = Map.of(
            "istiod", "pilot",
            "istio-pilot", "pilot",
            "istio-galley", "galley",
            "istio-citadel", "citadel",
            "istio-policy", "mixer",
            "istio-telemetry", "mixer",
            "istio-sidecar-injector", "sidecar-injector");

    LogFiles {
        all = List.copyOf(all);
    }

    /** Those of a folder; none where there is no folder. */
    static LogFiles in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new LogFiles(List.of());
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new LogFiles(
                    files.filter(file -> file.getFileName().toString().endsWith(".log"))
                            .sorted()
                            .toList());
        }
    }

    /**
     * The logs of a component or of a pod.
     *
     * @param name      a component by its own or its Service's name; a pod as NAME, NAMESPACE/NAME or NAME.NAMESPACE
     * @param namespace of the pod; empty for any
     * @param container of the pod; empty for all. A component has one log, whatever its container is called
     */
    List<Path> of(String name, String namespace, String container) {
        String component = IN_A_CLUSTER.getOrDefault(name, name);
        return all.stream()
                .filter(file -> {
                    String[] parts = parts(file);
                    return parts.length == 3
                            ? isPod(parts, name)
                                    && (namespace.isEmpty() || namespace.equals(parts[0]))
                                    && (container.isEmpty() || container.equals(parts[2]))
                            : parts.length == 1 && parts[0].equals(component);
                })
                .toList();
    }

    /** What there are logs of: components, and pods as NAMESPACE/NAME. */
    List<String> names() {
        return all.stream()
                .map(LogFiles::parts)
                .map(parts -> parts.length == 3 ? parts[0] + "/" + parts[1] : parts[0])
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean isPod(String[] parts, String name) {
        return name.equals(parts[1])
                || name.equals(parts[0] + "/" + parts[1])
                || name.equals(parts[1] + "." + parts[0]);
    }

    private static String[] parts(Path file) {
        return file.getFileName().toString().replaceFirst("\\.log$", "").split("_", -1);
    }
}
