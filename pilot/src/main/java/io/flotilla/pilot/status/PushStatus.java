package io.flotilla.pilot.status;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.discovery.Groups;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is odd about a state of the mesh, though it can be served: metric to what it is about to a few words. The metrics
 * are Istio's.
 */
public final class PushStatus {
    static final String NO_POD = "endpoint_no_pod";
    static final String NOT_READY = "pilot_endpoint_not_ready";
    static final String NO_INSTANCES = "pilot_eds_no_instances";
    static final List<String> METRICS = Stream.of(
                    List.of(NO_POD, NOT_READY, NO_INSTANCES), ListenerConflicts.METRICS, Duplicates.METRICS)
            .flatMap(List::stream)
            .toList();

    private PushStatus() {}

    /** Of a mesh that is held whole. */
    static Map<String, Map<String, String>> of(MeshSnapshot mesh) {
        return of(mesh, Groups.ALL);
    }

    /**
     * What is odd.
     *
     * @param held namespaces of which endpoints are known here: of others nothing is said of them
     */
    public static Map<String, Map<String, String>> of(MeshSnapshot mesh, Groups held) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        METRICS.forEach(metric -> all.put(metric, new TreeMap<>()));
        for (MeshService service : mesh.services()) {
            if (service.resolution() == MeshService.Resolution.REGISTRY && held.has(service.namespace())) {
                service.ports().forEach(port -> port(mesh, service, port, all));
            }
        }
        ListenerConflicts.find(mesh, all);
        Duplicates.find(mesh, all);
        return all;
    }

    private static void port(
            MeshSnapshot mesh, MeshService service, ServicePort port, Map<String, Map<String, String>> all) {
        List<MeshEndpoint> endpoints = mesh.endpoints(service, port.number());
        String name = service.hostname() + ":" + port.number();
        if (endpoints.isEmpty()) {
            of(all, NO_INSTANCES).put(name, "nobody serves it");
        }
        for (MeshEndpoint endpoint : endpoints) {
            String address = String.join(",", endpoint.addresses()) + ":" + endpoint.port();
            if (endpoint.health() == MeshEndpoint.Health.UNHEALTHY) {
                of(all, NOT_READY).put(address, "of " + name);
            }
            if (endpoint.workload().isEmpty() && !service.external()) {
                of(all, NO_POD).put(address, "of " + name);
            }
        }
    }

    private static Map<String, String> of(Map<String, Map<String, String>> all, String metric) {
        return all.computeIfAbsent(metric, key -> new TreeMap<>());
    }
}
