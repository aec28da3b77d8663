package io.flotilla.config.snapshot;

import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Slices by service, and the endpoints that were asked for, made on demand. */
final class EndpointIndex {
    /** One port of one service. */
    private record PortKey(String namespace, String hostname, int port) {}

    private final Map<String, List<Config<EndpointSlice>>> slices = new HashMap<>();
    private final Map<PortKey, List<MeshEndpoint>> made = new ConcurrentHashMap<>();

    EndpointIndex(ObjectTable objects) {
        for (Config<EndpointSlice> slice : objects.all(Kind.REGISTRY_ENDPOINT_SLICE, EndpointSlice.class)) {
            slices.computeIfAbsent(slice.namespace() + "/" + slice.spec().getService(), service -> new ArrayList<>())
                    .add(slice);
        }
    }

    /** Keeps the previous index's endpoints, but for the hosts that a change touched. */
    EndpointIndex reuse(EndpointIndex previous, Set<String> touchedHosts) {
        previous.made.forEach((key, endpoints) -> {
            if (!touchedHosts.contains(key.hostname())) {
                made.put(key, endpoints);
            }
        });
        return this;
    }

    List<Config<EndpointSlice>> slices(String namespace, String service) {
        return slices.getOrDefault(namespace + "/" + service, List.of());
    }

    List<MeshEndpoint> endpoints(ServiceDefinition definition, int port, WorkloadIndex workloads) {
        MeshService service = definition.service();
        PortKey key = new PortKey(service.namespace(), service.hostname(), port);
        List<MeshEndpoint> known = made.get(key);
        if (known == null) {
            known = make(definition, port, workloads);
            made.put(key, known);
        }
        return known;
    }

    private List<MeshEndpoint> make(ServiceDefinition definition, int port, WorkloadIndex workloads) {
        ServicePort servicePort = definition.service().port(port).orElse(null);
        if (servicePort == null) {
            return List.of();
        }
        Collection<MeshEndpoint> endpoints = switch (definition) {
            case ServiceDefinition.Registered registered ->
                new RegisteredEndpoints(registered)
                        .of(
                                servicePort,
                                slices(
                                        registered.service().namespace(),
                                        registered.service().name()));
            case ServiceDefinition.Declared declared -> new DeclaredEndpoints(declared, workloads).of(servicePort);
        };
        return endpoints.stream().sorted(EndpointOrder.BY_ADDRESS).distinct().toList();
    }
}
