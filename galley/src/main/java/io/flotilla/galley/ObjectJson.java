package io.flotilla.galley;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Set;

/** An object in force as a manifest, for people. What a Secret holds is never in it. */
final class ObjectJson {
    private static final Set<String> SECRET_FIELDS = Set.of("data", "stringData");
    /** Writes objects as they were, with everything in them. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    private ObjectJson() {}

    static JsonObject of(Config<?> config) {
        JsonObject object = manifest(config);
        if (config.key().kind().name().equals("Secret")) {
            SECRET_FIELDS.forEach(field -> {
                if (object.getValue(field) instanceof JsonObject values) {
                    values.fieldNames().forEach(name -> values.put(name, "(not shown)"));
                }
            });
            JsonObject annotations =
                    object.getJsonObject("metadata", new JsonObject()).getJsonObject("annotations");
            if (annotations != null) {
                annotations.remove(LAST_APPLIED);
            }
        }
        return object;
    }

    private static JsonObject manifest(Config<?> config) {
        try {
            JsonObject content = new JsonObject(PRINTER.print(config.spec()));
            return config.spec() instanceof Struct && content.containsKey("apiVersion")
                    ? content
                    : envelope(config, content);
        } catch (InvalidProtocolBufferException e) {
            // An Any of a type that is not known here; the rest of the object is worth showing.
            return envelope(config, new JsonObject().put("unprintable", e.getMessage()));
        }
    }

    private static JsonObject envelope(Config<?> config, JsonObject spec) {
        ObjectKey key = config.key();
        String apiVersion = Collections.of(key.kind())
                .map(collection ->
                        collection.typeUrl().substring(0, collection.typeUrl().lastIndexOf('/')))
                .orElse(key.kind().group());
        JsonObject metadata = new JsonObject().put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        if (!config.labels().isEmpty()) {
            metadata.put("labels", new JsonObject(java.util.Map.copyOf(config.labels())));
        }
        if (!config.annotations().isEmpty()) {
            metadata.put("annotations", new JsonObject(java.util.Map.copyOf(config.annotations())));
        }
        if (!config.created().equals(Instant.EPOCH)) {
            metadata.put("creationTimestamp", config.created().toString());
        }
        return new JsonObject()
                .put("apiVersion", apiVersion)
                .put("kind", key.kind().name())
                .put("metadata", metadata)
                .put("spec", spec);
    }
}
