package io.flotilla.mesh.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where services are served as Pilot knows it, from its /debug/endpointz.
 *
 * @param healthy "NAMESPACE/NAME" of services to "ADDRESS:PORT" of their endpoints that take requests
 */
public record Registry(Map<String, Set<String>> healthy) {
    public static final Registry NONE = new Registry(Map.of());
    private static final ObjectMapper JSON = new ObjectMapper();

    public Registry {
        healthy = Map.copyOf(healthy);
    }

    public static Registry parse(String json) {
        Map<String, Set<String>> healthy = new HashMap<>();
        try {
            for (JsonNode port : JSON.readTree(json)) {
                String[] host = port.path("service").asText().split("\\.", 3);
                if (host.length > 2 && host[2].startsWith("svc.")) {
                    Set<String> known = healthy.computeIfAbsent(host[1] + "/" + host[0], key -> new HashSet<>());
                    for (JsonNode endpoint : port.path("endpoints")) {
                        if (endpoint.path("health").asText().equals("HEALTHY")) {
                            known.add(endpoint.path("address").asText());
                        }
                    }
                }
            }
        } catch (JsonProcessingException e) {
            return NONE;
        }
        return new Registry(healthy);
    }

    /** Whether it has everything in it that serves. A service that Pilot does not know (discoverySelectors) lacks nothing. */
    public boolean covers(Map<String, Set<String>> serving) {
        return !healthy.isEmpty()
                && serving.entrySet().stream()
                        .allMatch(service -> !healthy.containsKey(service.getKey())
                                || healthy.getOrDefault(service.getKey(), Set.of())
                                        .containsAll(service.getValue()));
    }
}
