package io.flotilla.pilot.scope;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.Groups;
import io.flotilla.envoy.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Of which namespaces proxies need endpoints and workloads. Pure. */
public final class Needs {
    private Needs() {}

    /**
     * Its own, which says who it is, and those whose services it is told of: by its Sidecar, where one is for it, and by
     * exportTo. All, where these are all that have services: so one that comes later is among them. An edge proxy is told
     * of everything that its namespace sees.
     */
    public static Groups of(MeshSnapshot mesh, Proxy proxy) {
        Proxy.Pod pod = proxy.pod();
        // The registry knows labels better than the node; where it does not know the pod yet, it will be asked again.
        Map<String, String> labels = mesh.workload(pod.namespace(), pod.name())
                .map(Workload::getLabelsMap)
                .orElse(pod.labels());
        return of(mesh, pod.namespace(), labels, proxy.role() != Proxy.Role.ROUTER);
    }

    /** What all of them need. */
    public static Groups of(MeshSnapshot mesh, Collection<Proxy> proxies) {
        Groups all = Groups.of(Set.of());
        for (Proxy proxy : proxies) {
            all = all.all() ? all : all.and(of(mesh, proxy));
        }
        return all;
    }

    /** Whether a workload of any namespace of which nothing else is known needs all: then nobody waits to be asked. */
    public static boolean everywhere(MeshSnapshot mesh) {
        return mesh.namespaces().stream()
                .allMatch(namespace -> of(mesh, namespace, Map.of(), true).all());
    }

    private static Groups of(MeshSnapshot mesh, String namespace, Map<String, String> labels, boolean sidecars) {
        Set<String> seen = mesh.imports(namespace, labels, sidecars).namespaces();
        return seen.containsAll(mesh.namespaces())
                ? Groups.ALL
                : Groups.of(seen).and(Groups.of(Set.of(namespace)));
    }
}
