package io.flotilla.e2e.mesh;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/** What {@code flotilla status -o json} prints, as far as tests use it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MeshStatus(
        String name,
        String state,
        String stateDir,
        Map<String, String> urls,
        Map<String, Integer> ports,
        List<Component> components,
        List<Pod> pods) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Component(String name, String state, boolean ready, long pid, int restarts) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Pod(
            String namespace,
            String name,
            String ip,
            boolean sidecar,
            String phase,
            boolean ready,
            boolean synced,
            boolean terminating,
            Map<String, Long> processes,
            int restarts) {}

    public Component component(String wanted) {
        return components.stream()
                .filter(component -> component.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no component " + wanted));
    }

    /** Pods whose name starts so, the oldest first. */
    public List<Pod> podsOf(String deployment) {
        return pods.stream()
                .filter(pod -> pod.name().startsWith(deployment + "-"))
                .toList();
    }

    public Pod pod(String deployment) {
        return podsOf(deployment).stream()
                .filter(pod -> !pod.terminating())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of " + deployment));
    }

    public int port(String wanted) {
        Integer port = ports.get(wanted);
        if (port == null) {
            throw new AssertionError("no port " + wanted + " in " + ports);
        }
        return port;
    }

    public boolean isReady() {
        return state.equals("ready");
    }
}
