package io.flotilla.pilot.serve;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import java.util.Map;

/** The labels of a proxy's pod: as the registry has them, and before it knows the pod, as the node says. */
final class KnownLabels {
    private KnownLabels() {}

    static Map<String, String> of(Proxy proxy, MeshSnapshot mesh) {
        Proxy.Pod pod = proxy.pod();
        return mesh.workload(pod.namespace(), pod.name())
                .map(Workload::getLabelsMap)
                .orElse(pod.labels());
    }
}
