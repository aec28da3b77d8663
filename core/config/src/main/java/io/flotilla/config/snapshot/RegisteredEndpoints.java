package io.flotilla.config.snapshot;

import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Endpoints of a service of the registry. */
final class RegisteredEndpoints {
    private static final Comparator<String> V4_FIRST =
            Comparator.comparing((String address) -> address.contains(":")).thenComparing(Comparator.naturalOrder());

    private final ServiceDefinition.Registered definition;

    RegisteredEndpoints(ServiceDefinition.Registered definition) {
        this.definition = definition;
    }

    List<MeshEndpoint> of(ServicePort port, List<Config<EndpointSlice>> slices) {
        String external = definition.config().spec().getExternalName();
        if (!external.isEmpty()) {
            return List.of(new MeshEndpoint(
                    List.of(external),
                    port.number(),
                    Map.of(),
                    "",
                    "",
                    definition.service().namespace(),
                    "",
                    "",
                    1,
                    Health.HEALTHY,
                    false));
        }
        List<MeshEndpoint> endpoints = new ArrayList<>();
        for (Config<EndpointSlice> slice : slices) {
            Integer number = target(port, slice.spec());
            if (number != null) {
                for (Endpoint endpoint : slice.spec().getEndpointsList()) {
                    health(endpoint).ifPresent(health -> endpoints.add(endpoint(endpoint, number, health)));
                }
            }
        }
        return joined(endpoints);
    }

    /** A pod with addresses of both families is in a slice of each, and is one endpoint all the same. */
    private static List<MeshEndpoint> joined(List<MeshEndpoint> endpoints) {
        if (endpoints.stream().noneMatch(RegisteredEndpoints::hasV6)) {
            return endpoints;
        }
        Map<MeshEndpoint, Set<String>> addresses = new LinkedHashMap<>();
        for (MeshEndpoint endpoint : endpoints) {
            MeshEndpoint who = endpoint.workload().isEmpty() ? endpoint : endpoint.at(List.of());
            addresses.computeIfAbsent(who, each -> new TreeSet<>(V4_FIRST)).addAll(endpoint.addresses());
        }
        return addresses.entrySet().stream()
                .map(entry -> entry.getKey().at(List.copyOf(entry.getValue())))
                .toList();
    }

    private static boolean hasV6(MeshEndpoint endpoint) {
        return endpoint.addresses().stream().anyMatch(address -> address.contains(":"));
    }

    /** By the port's name; slices written by hand may leave the name of an only port out. */
    private @org.jspecify.annotations.Nullable Integer target(ServicePort port, EndpointSlice slice) {
        Map<String, Integer> ports = slice.getPortsMap();
        Integer named = ports.get(port.name());
        boolean only = definition.service().ports().size() == 1 && ports.size() == 1;
        return named == null && only ? ports.values().iterator().next() : named;
    }

    /** Nothing for an endpoint that is gone as good as: neither ready nor still serving while it ends. */
    private Optional<Health> health(Endpoint endpoint) {
        if (endpoint.getAddressesCount() == 0) {
            return Optional.empty();
        }
        if (endpoint.getTerminating()) {
            return endpoint.getServing() ? Optional.of(Health.DRAINING) : Optional.empty();
        }
        boolean takes = endpoint.getReady() || definition.config().spec().getPublishNotReady();
        return Optional.of(takes ? Health.HEALTHY : Health.UNHEALTHY);
    }

    private MeshEndpoint endpoint(Endpoint endpoint, int port, Health health) {
        return new MeshEndpoint(
                endpoint.getAddressesList(),
                port,
                endpoint.getLabelsMap(),
                endpoint.getWorkload(),
                endpoint.getServiceAccount(),
                definition.service().namespace(),
                endpoint.getLocality(),
                endpoint.getNetwork(),
                Math.max(1, endpoint.getWeight()),
                health,
                endpoint.getMeshTls());
    }
}
