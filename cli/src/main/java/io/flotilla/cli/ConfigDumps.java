package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Entries of Envoy's configuration dump, which nests each type in its own way. */
final class ConfigDumps {
    private static final List<String> BODIES =
            List.of("listener", "route_config", "cluster", "endpoint_config", "secret", "bootstrap");

    private ConfigDumps() {}

    /** The resource inside of an entry. */
    static JsonNode body(JsonNode entry) {
        JsonNode state = entry.has("active_state") ? entry.path("active_state") : entry;
        return BODIES.stream().filter(state::has).map(state::path).findFirst().orElse(state);
    }

    static String name(JsonNode entry) {
        String own = entry.path("name").asText();
        JsonNode body = body(entry);
        if (body.has("cluster_name")) {
            return body.path("cluster_name").asText();
        }
        return own.isEmpty() ? body.path("name").asText() : own;
    }

    static String version(JsonNode entry) {
        return either(entry, "version_info");
    }

    static String updated(JsonNode entry) {
        return either(entry, "last_updated");
    }

    private static String either(JsonNode entry, String field) {
        String outer = entry.path(field).asText();
        return outer.isEmpty() ? entry.path("active_state").path(field).asText() : outer;
    }
}
