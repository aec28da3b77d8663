package io.flotilla.cli;

import io.flotilla.config.model.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where objects are: the folder of a local mesh, or a cluster. Objects are trees, as YAML has them. */
interface ObjectPlace {
    /** One object; KIND as kubectl names it ("serviceentries.networking.istio.io"). */
    Optional<Map<String, Object>> get(ObjectType type, String namespace, String name) throws IOException;

    /** Those of a namespace that have a label. */
    List<Map<String, Object>> labelled(ObjectType type, String namespace, String label, String value)
            throws IOException;

    /** "created", "configured" or "unchanged". */
    String put(ObjectType type, Map<String, Object> object) throws IOException;

    /** False where it was not there. */
    boolean remove(ObjectType type, String namespace, String name) throws IOException;

    /** Sets one annotation of an object that is there; the rest of it stays. */
    void annotate(ObjectType type, String namespace, String name, String key, String value) throws IOException;

    /** The kinds that are asked for. */
    enum ObjectType {
        CONFIG_MAP("configmaps"),
        SERVICE("services"),
        SERVICE_ENTRY("serviceentries.networking.istio.io"),
        WORKLOAD_ENTRY("workloadentries.networking.istio.io"),
        WORKLOAD_GROUP("workloadgroups.networking.istio.io"),
        REVOCATION("revocations.security.flotilla.io");

        private final String plural;

        ObjectType(String plural) {
            this.plural = plural;
        }

        String plural() {
            return plural;
        }

        Kind kind() {
            return switch (this) {
                case CONFIG_MAP -> Kind.CONFIG_MAP;
                case SERVICE -> Kind.SERVICE;
                case SERVICE_ENTRY -> Kind.SERVICE_ENTRY;
                case WORKLOAD_ENTRY -> Kind.WORKLOAD_ENTRY;
                case WORKLOAD_GROUP -> Kind.WORKLOAD_GROUP;
                case REVOCATION -> Kind.REVOCATION;
            };
        }
    }
}
