package io.flotilla.galley.history;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** Who made a change, as far as the object tells: pure. */
final class Who {
    /** Set by those who know the user (a pipeline, the command). */
    static final String ANNOTATION = "flotilla.io/changed-by";

    private Who() {}

    /**
     * The annotation, else the manager of the newest of Kubernetes' managed fields that is not about status.
     *
     * @param document the text that the object came in
     */
    static Optional<String> changed(Map<String, String> annotations, String document) {
        String told = annotations.get(ANNOTATION);
        if (told != null && !told.isBlank()) {
            return Optional.of(told.strip());
        }
        return document.startsWith("{") && document.contains("\"managedFields\"")
                ? manager(document)
                : Optional.empty();
    }

    private static Optional<String> manager(String document) {
        try {
            JsonObject metadata = new JsonObject(document).getJsonObject("metadata", new JsonObject());
            JsonArray fields = metadata.getJsonArray("managedFields", new JsonArray());
            String newest = "";
            String manager = "";
            for (int i = 0; i < fields.size(); i++) {
                JsonObject field = fields.getJsonObject(i);
                // Times are in UTC to the second, so that they compare as text.
                String time = field.getString("time", "");
                if (!field.getString("subresource", "").equals("status") && time.compareTo(newest) >= 0) {
                    newest = time;
                    manager = field.getString("manager", "");
                }
            }
            return Optional.of(manager).filter(name -> !name.isEmpty());
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }
}
