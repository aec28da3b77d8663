package io.flotilla.injection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON tree of a manifest: maps, lists, strings, numbers, booleans and null. A field of the wrong type is a
 * {@link MalformedManifest}; a missing one, or null, is empty.
 */
final class Tree {
    private Tree() {}

    /** What the API server would refuse too. */
    static final class MalformedManifest extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedManifest(String field, String expected) {
            super(field + ": must be " + expected);
        }
    }

    static Map<String, Object> object(Map<String, Object> parent, String field) {
        return asObject(parent.get(field), field);
    }

    static Map<String, Object> asObject(@Nullable Object value, String field) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new MalformedManifest(field, "an object");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((key, content) -> object.put(String.valueOf(key), content));
        return object;
    }

    static List<Map<String, Object>> objects(Map<String, Object> parent, String field) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object element : list(parent, field)) {
            objects.add(asObject(element, field + "[" + objects.size() + "]"));
        }
        return objects;
    }

    static List<?> list(Map<String, Object> parent, String field) {
        Object value = parent.get(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new MalformedManifest(field, "a list");
        }
        return list;
    }

    /** The text of a field, empty where there is none; numbers and booleans as they are written. */
    static String text(Map<String, Object> parent, String field) {
        Object value = parent.get(field);
        return switch (value) {
            case null -> "";
            case String text -> text;
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> throw new MalformedManifest(field, "a text");
        };
    }

    static boolean truth(Map<String, Object> parent, String field) {
        return Boolean.parseBoolean(text(parent, field));
    }

    /** Labels or annotations. */
    static Map<String, String> texts(Map<String, Object> parent, String field) {
        Map<String, Object> object = object(parent, field);
        Map<String, String> texts = new LinkedHashMap<>();
        object.keySet().forEach(key -> texts.put(key, text(object, key)));
        return texts;
    }

    /** A copy with one field set; a new field goes to the end. */
    static Map<String, Object> with(Map<String, Object> object, String field, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(object);
        copy.put(field, value);
        return copy;
    }

    /** An object of alternating names and values, in that order. */
    static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
