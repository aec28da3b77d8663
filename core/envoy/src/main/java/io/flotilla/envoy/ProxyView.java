package io.flotilla.envoy;

import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.endpoint.NetworkNames;
import io.flotilla.envoy.patch.PatchesOf;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything about a proxy that its resources may depend on. Proxies with equal views share every byte, so nothing here
 * tells the replicas of one workload apart.
 *
 * @param role     sidecar or router
 * @param workload whom it stands for
 * @param locality "region/zone/subzone", may be empty
 * @param network  its network's name, may be empty
 * @param capture  how it gets its connections
 * @param revision of the control plane, may be empty
 * @param metadata of its node, sorted: only what some patch asks for
 */
public record ProxyView(
        Proxy.Role role,
        Workload workload,
        String locality,
        String network,
        Capture capture,
        String revision,
        Map<String, String> metadata) {
    public ProxyView {
        metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** In the only network. */
    public ProxyView(
            Proxy.Role role,
            Workload workload,
            String locality,
            Capture capture,
            String revision,
            Map<String, String> metadata) {
        this(role, workload, locality, "", capture, revision, metadata);
    }

    /** A view for which nothing of the node's metadata matters. */
    public ProxyView(Proxy.Role role, Workload workload, String locality, Capture capture, String revision) {
        this(role, workload, locality, capture, revision, Map.of());
    }

    /**
     * What the replicas of a workload share.
     *
     * @param labels sorted
     */
    public record Workload(String namespace, String serviceAccount, Map<String, String> labels) {
        public Workload {
            labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }

    /**
     * The view of a proxy. A label that only one replica has is left out, unless a service or any policy selects that
     * replica by it.
     */
    public static ProxyView of(Proxy proxy, MeshSnapshot snapshot) {
        Proxy.Pod pod = proxy.pod();
        Map<String, String> shared = new TreeMap<>(pod.labels());
        shared.keySet().removeAll(MeshSnapshot.replicaLabels());
        boolean selectedAlone = shared.size() < pod.labels().size()
                && !(!snapshot.selectsReplica(pod.namespace(), pod.labels())
                        && snapshot.inboundPorts(pod.namespace(), shared)
                                .equals(snapshot.inboundPorts(pod.namespace(), pod.labels()))
                        && guards(snapshot, pod, shared).equals(guards(snapshot, pod, pod.labels())));
        return new ProxyView(
                proxy.role(),
                new Workload(pod.namespace(), pod.serviceAccount(), selectedAlone ? pod.labels() : shared),
                proxy.locality(),
                NetworkNames.of(
                        snapshot.meshConfig().getMeshNetworks(),
                        pod.network(),
                        List.of(pod.address()),
                        snapshot.workload(pod.namespace(), pod.name()).isPresent()),
                capture(proxy, snapshot),
                proxy.revision(),
                PatchesOf.metadata(proxy, snapshot));
    }

    // Its node names one address of the pod, the registry knows all.
    private static Capture capture(Proxy proxy, MeshSnapshot snapshot) {
        return switch (proxy.capture()) {
            case Capture.Explicit explicit -> explicit;
            case Capture.Redirect(Families said) -> {
                Families known = snapshot.workloadByAddress(
                                proxy.pod().network(), proxy.pod().address())
                        .map(workload -> Families.of(workload.getAddressesList()))
                        .orElse(said);
                yield new Capture.Redirect(known == said ? said : Families.BOTH);
            }
        };
    }

    private static Authorization guards(MeshSnapshot snapshot, Proxy.Pod pod, Map<String, String> labels) {
        return snapshot.authorization(new Guarded(pod.namespace(), pod.serviceAccount(), labels), 0);
    }

    public String namespace() {
        return workload.namespace();
    }

    public Map<String, String> labels() {
        return workload.labels();
    }

    /** Of its labels those with these names: no others can matter to what looks at these alone. */
    public Map<String, String> only(Set<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> some = new TreeMap<>(labels());
        some.keySet().retainAll(names);
        return some;
    }

    /** An edge proxy: no capture, no inbound side. */
    public boolean router() {
        return role == Proxy.Role.ROUTER;
    }

    /** No proxy, but a library in the application. */
    public boolean proxyless() {
        return role == Proxy.Role.PROXYLESS;
    }

    /** The kernel tells where a connection was going to. */
    public boolean knowsOriginalDestination() {
        return role == Proxy.Role.SIDECAR && capture instanceof Capture.Redirect;
    }
}
