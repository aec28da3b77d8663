package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads lists and events: document to the text of what is kept of each object.
 *
 * @param target   what is listed
 * @param selected whether a namespace is read
 */
record Page(Target target, Predicate<String> selected) {
    /** The objects of a page of a list. */
    Map<String, String> documents(JsonNode list) {
        Map<String, String> documents = new TreeMap<>();
        list.path("items").forEach(item -> {
            if (isSelected(item)) {
                documents.put(document(item), text(item));
            }
        });
        return documents;
    }

    /** Where the next page begins; empty: this is the last. */
    static Optional<String> next(JsonNode list) {
        return Optional.of(list.path("metadata").path("continue").asText("")).filter(token -> !token.isEmpty());
    }

    /** The version of a list or an object. */
    static String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asText("");
    }

    /** One version is before another; false where they are no numbers. */
    static boolean isOlder(String one, String other) {
        try {
            return Long.parseUnsignedLong(one) < Long.parseUnsignedLong(other);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Its namespace is read; objects without namespace always are. */
    boolean isSelected(JsonNode object) {
        String namespace = namespace(object);
        return namespace.isEmpty() || selected.test(namespace);
    }

    String document(JsonNode object) {
        return target.document(
                namespace(object), object.path("metadata").path("name").asText());
    }

    String text(JsonNode object) {
        return Pruning.prune(object, target).toString();
    }

    private static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText("");
    }
}
