package io.flotilla.mesh.pod;

import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.isolation.Rights;
import io.flotilla.mesh.process.Marked;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.mesh.status.MeshStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The way into a pod's place from the host.
 *
 * @param isolation of its mesh
 * @param pod       as its status tells
 * @param state     of its mesh
 */
public record PodEntry(Isolation isolation, MeshStatus.Pod pod, StateFolder state) {
    /** The pod of that name: NAME, NAMESPACE/NAME or NAME.NAMESPACE. */
    public static Optional<PodEntry> find(MeshStatus status, StateFolder state, String name) {
        return status.pods().stream()
                .filter(pod -> List.of(
                                pod.name(), pod.namespace() + "/" + pod.name(), pod.name() + "." + pod.namespace())
                        .contains(name))
                .filter(pod -> pod.sandbox() > 0 || status.isolation() == Isolation.NONE)
                .findFirst()
                .map(pod -> new PodEntry(status.isolation(), pod, state));
    }

    /** A command as the host runs it there, with an application's rights. */
    public List<String> command(List<String> command) {
        List<String> line = new ArrayList<>(isolation.join(pod.sandbox()));
        line.addAll(Rights.APPLICATION.limit(isolation, 0));
        line.addAll(command);
        return line;
    }

    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOSTNAME", pod.name());
        environment.put(Marked.VARIABLE, state.root().toString());
        if (isolation == Isolation.NONE && pod.sidecar()) {
            environment.put("http_proxy", "http://" + pod.ip() + ":15001");
        }
        return environment;
    }
}
