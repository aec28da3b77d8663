package io.flotilla.pilot.serve;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a peer may be the proxy that its node says it is. */
final class PeerCheck {
    private PeerCheck() {}

    /**
     * Why not; empty if it may. The peer's certificate must be of the pod's service account; a pod that the registry does
     * not know yet is taken by its word on the account, but not on the namespace.
     *
     * @param uris of the peer's certificate; none on a plaintext port, where nobody is checked
     */
    static Optional<String> refuse(Proxy proxy, List<String> uris, MeshSettings settings, Optional<MeshSnapshot> mesh) {
        if (uris.isEmpty()) {
            return Optional.empty();
        }
        Proxy.Pod pod = proxy.pod();
        String account = mesh.flatMap(snapshot -> snapshot.workload(pod.namespace(), pod.name()))
                .map(Workload::getServiceAccount)
                .filter(registered -> !registered.isEmpty())
                .orElse(pod.serviceAccount());
        boolean allowed = Stream.concat(Stream.of(settings.trustDomain()), settings.trustDomainAliases().stream())
                .map(domain -> "spiffe://" + domain + "/ns/" + pod.namespace() + "/sa/" + account)
                .anyMatch(uris::contains);
        return allowed
                ? Optional.empty()
                : Optional.of("node " + proxy.id() + " belongs to service account " + pod.namespace() + "/" + account
                        + ", but the peer is " + String.join(", ", uris));
    }
}
