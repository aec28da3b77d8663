package io.flotilla.pilot.push;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ProxyView;
import java.util.Optional;

/** A proxy as the registry knows it, which knows a workload's labels better than the workload's own node. */
final class KnownProxy {
    private KnownProxy() {}

    /** The view of a proxy in a mesh. */
    static ProxyView view(Proxy proxy, MeshSnapshot snapshot) {
        Proxy.Pod pod = proxy.pod();
        Optional<Workload> workload = snapshot.workload(pod.namespace(), pod.name());
        if (workload.isEmpty()) {
            return ProxyView.of(proxy, snapshot);
        }
        Workload known = workload.get();
        Proxy.Pod registered = new Proxy.Pod(
                pod.name(),
                pod.namespace(),
                known.getServiceAccount().isEmpty() ? pod.serviceAccount() : known.getServiceAccount(),
                pod.address(),
                known.getNetwork().isEmpty() ? pod.network() : known.getNetwork(),
                known.getLabelsMap());
        String locality = proxy.locality().isEmpty() ? known.getLocality() : proxy.locality();
        return ProxyView.of(
                new Proxy(
                        proxy.id(),
                        proxy.role(),
                        registered,
                        locality,
                        proxy.capture(),
                        proxy.revision(),
                        proxy.metadata()),
                snapshot);
    }
}
