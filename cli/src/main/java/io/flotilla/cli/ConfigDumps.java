package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.envoy.dump.ConfigDump;
import java.util.List;

/**
 * Entries of a configuration dump, which nests each type in its own way. Envoy's has names as in protobuf files
 * ("route_config"), Pilot's page those of JSON ("routeConfig").
 */
final class ConfigDumps {
    private static final List<String> BODIES =
            List.of("listener", "route_config", "cluster", "endpoint_config", "secret", "bootstrap");

    /** Of a listener: in force, on its way there, on its way out. */
    private static final List<String> STATES = List.of("active_state", "warming_state", "draining_state");

    private ConfigDumps() {}

    /** The resource inside of an entry. */
    static JsonNode body(JsonNode entry) {
        JsonNode state = state(entry);
        return BODIES.stream()
                .map(name -> field(state, name))
                .filter(found -> !found.isMissingNode())
                .findFirst()
                .orElse(state);
    }

    static String name(JsonNode entry) {
        String own = entry.path("name").asText();
        JsonNode body = body(entry);
        String cluster = field(body, "cluster_name").asText();
        if (!cluster.isEmpty()) {
            return cluster;
        }
        return own.isEmpty() ? body.path("name").asText() : own;
    }

    static String version(JsonNode entry) {
        return either(entry, "version_info");
    }

    static String updated(JsonNode entry) {
        return either(entry, "last_updated");
    }

    private static JsonNode state(JsonNode entry) {
        return STATES.stream()
                .map(name -> field(entry, name))
                .filter(found -> !found.isMissingNode())
                .findFirst()
                .orElse(entry);
    }

    private static String either(JsonNode entry, String name) {
        String outer = field(entry, name).asText();
        return outer.isEmpty() ? field(state(entry), name).asText() : outer;
    }

    /** A field of a message, by its name or its name in JSON. */
    static JsonNode field(JsonNode node, String name) {
        return node.has(name) ? node.path(name) : node.path(ConfigDump.jsonName(name));
    }
}
