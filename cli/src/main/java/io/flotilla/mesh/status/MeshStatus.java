package io.flotilla.mesh.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.flotilla.mesh.isolation.Isolation;
import io.flotilla.mesh.process.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state of a local mesh, as {@code flotilla status -o json} prints it: names and meanings are kept, fields are
 * only added.
 *
 * @param state "starting", "ready", "degraded", "stopping" or "down"
 * @param urls  what a user can open, by name
 * @param ports of the host, by name
 */
public record MeshStatus(
        String name,
        String state,
        String stateDir,
        Isolation isolation,
        Map<String, String> urls,
        Map<String, Integer> ports,
        List<Component> components,
        List<Pod> pods) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public MeshStatus {
        urls = new TreeMap<>(urls);
        ports = new TreeMap<>(ports);
        components = List.copyOf(components);
        pods = List.copyOf(pods);
    }

    /**
     * A process of the control plane.
     *
     * @param pid as the host sees it; 0 while it does not run
     */
    public record Component(String name, ProcessState state, boolean ready, long pid, int restarts, String lastError) {}

    /**
     * A pod.
     *
     * @param synced    its proxy has what Pilot computes for it; true where it has no proxy
     * @param processes host process ids by container
     * @param sandbox   host process id of the holder of its namespaces; 0 where there are none
     */
    public record Pod(
            String namespace,
            String name,
            String ip,
            String serviceAccount,
            Map<String, String> labels,
            boolean sidecar,
            String phase,
            boolean ready,
            boolean synced,
            boolean terminating,
            Map<String, Long> processes,
            long sandbox,
            int restarts,
            String lastError) {
        public Pod {
            labels = new TreeMap<>(labels);
            processes = new TreeMap<>(processes);
        }
    }

    @com.fasterxml.jackson.annotation.JsonIgnore
    public boolean isReady() {
        return state.equals("ready");
    }

    public MeshStatus withState(String other) {
        return new MeshStatus(name, other, stateDir, isolation, urls, ports, components, pods);
    }

    /** Of a mesh that has nothing to tell. */
    public static MeshStatus none(String name, String stateDir, String state) {
        return new MeshStatus(name, state, stateDir, Isolation.NONE, Map.of(), Map.of(), List.of(), List.of());
    }

    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads what {@link #json} wrote.
     *
     * @throws IllegalArgumentException if it is no status
     */
    public static MeshStatus parse(String json) {
        try {
            return JSON.readValue(json, MeshStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the status file is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
