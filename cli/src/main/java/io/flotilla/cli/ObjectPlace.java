package io.flotilla.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where objects are: the folder of a local mesh, or a cluster. Objects are trees, as YAML has them. */
interface ObjectPlace {
    /** One object; KIND as kubectl names it ("serviceentries.networking.istio.io"). */
    Optional<Map<String, Object>> get(Type type, String namespace, String name) throws IOException;

    /** Those of a namespace that have a label. */
    List<Map<String, Object>> labelled(Type type, String namespace, String label, String value) throws IOException;

    /** "created", "configured" or "unchanged". */
    String put(Type type, Map<String, Object> object) throws IOException;

    /** False where it was not there. */
    boolean remove(Type type, String namespace, String name) throws IOException;

    /** The kinds that are asked for. */
    enum Type {
        SERVICE("services", io.flotilla.config.model.Kind.SERVICE),
        SERVICE_ENTRY("serviceentries.networking.istio.io", io.flotilla.config.model.Kind.SERVICE_ENTRY),
        WORKLOAD_ENTRY("workloadentries.networking.istio.io", io.flotilla.config.model.Kind.WORKLOAD_ENTRY);

        private final String plural;
        private final io.flotilla.config.model.Kind kind;

        Type(String plural, io.flotilla.config.model.Kind kind) {
            this.plural = plural;
            this.kind = kind;
        }

        String plural() {
            return plural;
        }

        io.flotilla.config.model.Kind kind() {
            return kind;
        }
    }
}
