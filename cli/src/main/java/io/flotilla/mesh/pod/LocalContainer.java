package io.flotilla.mesh.pod;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a pod, with all references in its environment resolved.
 *
 * @param entry  what it runs
 * @param mounts places where it sees volumes, to the volumes' names
 * @param probes its checks
 * @param preStop time between the end's begin and the signal
 * @param user   the user to run as; 0 or less: as the mesh's owner
 */
public record LocalContainer(
        String name, Entry entry, Map<String, String> mounts, Probes probes, Duration preStop, int user) {
    public LocalContainer {
        mounts = Map.copyOf(mounts);
    }

    /** An agent whose Envoy goes on without it: its probe says whether the pod is ready, not its process. */
    boolean supervisesProxy() {
        return entry.image().startsWith("flotilla/gateway:");
    }

    /**
     * What a container runs.
     *
     * @param command     may be empty: the image's own
     * @param environment the container's own
     */
    public record Entry(String image, List<String> command, List<String> args, Map<String, String> environment) {
        public Entry {
            command = List.copyOf(command);
            args = List.copyOf(args);
            environment = Map.copyOf(environment);
        }
    }

    /** Checks of a container, each of them optional. */
    public record Probes(Optional<PodProbe> startup, Optional<PodProbe> readiness, Optional<PodProbe> liveness) {}
}
