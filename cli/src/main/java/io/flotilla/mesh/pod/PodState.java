package io.flotilla.mesh.pod;

import java.util.Map;

/**
 * Where a pod stands.
 *
 * @param phase     as users know it from Kubernetes, with the reason where there is one
 * @param processes host process ids by container; 0 are left out
 * @param holder    the process that holds its namespaces; 0 where there are none
 * @param restarts  of all containers
 * @param lastError empty where there was none
 */
public record PodState(
        String phase,
        boolean ready,
        boolean terminating,
        Map<String, Long> processes,
        long holder,
        int restarts,
        String lastError) {
    public PodState {
        processes = Map.copyOf(processes);
    }
}
