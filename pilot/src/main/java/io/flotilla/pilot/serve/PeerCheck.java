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
    // Metadata by which a node tells its namespace, beside its id.
    private static final List<String> NAMESPACES = List.of("NAMESPACE", "CONFIG_NAMESPACE");

    private PeerCheck() {}

    /**
     * Why not; empty if it may. The peer must be of the pod's service account, and whatever the node says of itself must
     * agree; a pod that the registry does not know yet is taken by its word on the account, if that is the peer's.
     *
     * @param uris that the peer's certificate or token prove; none on a plaintext port, where nobody is checked
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
                ? lie(proxy, account, uris)
                : Optional.of("node " + proxy.id() + " belongs to service account " + pod.namespace() + "/" + account
                        + ", but the peer is " + String.join(", ", uris));
    }

    // Whose pod it is says who it may be; metadata that says something else is somebody's try to be more.
    private static Optional<String> lie(Proxy proxy, String account, List<String> uris) {
        Proxy.Pod pod = proxy.pod();
        String claimed = pod.serviceAccount();
        if (!claimed.isEmpty() && !claimed.equals(account)) {
            return Optional.of(claim(proxy, "SERVICE_ACCOUNT", claimed, uris));
        }
        return NAMESPACES.stream()
                .filter(key ->
                        !proxy.metadata().getOrDefault(key, pod.namespace()).equals(pod.namespace()))
                .map(key -> claim(proxy, key, proxy.metadata().getOrDefault(key, ""), uris))
                .findFirst();
    }

    private static String claim(Proxy proxy, String key, String value, List<String> uris) {
        return "node " + proxy.id() + " claims " + key + " \"" + value + "\" in its metadata, but the peer is "
                + String.join(", ", uris);
    }
}
