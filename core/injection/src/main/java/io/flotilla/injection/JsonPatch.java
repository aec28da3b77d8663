package io.flotilla.injection;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Computes the JSON patch (RFC 6902) that turns one JSON tree into another. */
public final class JsonPatch {
    private final List<Operation> operations = new ArrayList<>();

    private JsonPatch() {}

    /**
     * One step of a patch.
     *
     * @param op    "add", "remove" or "replace"
     * @param path  a JSON pointer (RFC 6901)
     * @param value of "add" and "replace"; null for "remove"
     */
    public record Operation(
            String op, String path, @Nullable Object value) {
        /** As the tree of its JSON. */
        public Map<String, Object> tree() {
            return op.equals("remove")
                    ? Tree.of("op", op, "path", path)
                    : Tree.of("op", op, "path", path, "value", value == null ? Map.of() : value);
        }
    }

    /**
     * The steps from {@code before} to {@code after}. Lists whose elements were only added to, or changed in place, get
     * one step for each of these; elements with a "name" are the same if that is the same. Other lists are replaced.
     */
    public static List<Operation> between(Map<String, Object> before, Map<String, Object> after) {
        JsonPatch patch = new JsonPatch();
        patch.objects("", before, after);
        return List.copyOf(patch.operations);
    }

    private void objects(String path, Map<?, ?> before, Map<?, ?> after) {
        Set<Object> fields = new LinkedHashSet<>(before.keySet());
        fields.addAll(after.keySet());
        for (Object field : fields) {
            String pointer =
                    path + "/" + String.valueOf(field).replace("~", "~0").replace("/", "~1");
            if (!after.containsKey(field)) {
                operations.add(new Operation("remove", pointer, null));
            } else if (!before.containsKey(field)) {
                operations.add(new Operation("add", pointer, after.get(field)));
            } else {
                values(pointer, before.get(field), after.get(field));
            }
        }
    }

    private void values(String path, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> current) {
            objects(path, old, current);
        } else if (before instanceof List<?> old && after instanceof List<?> current && grown(old, current)) {
            lists(path, old, current);
        } else {
            operations.add(new Operation("replace", path, after));
        }
    }

    /** Whether all old elements are still there, in the same order. */
    private static boolean grown(List<?> before, List<?> after) {
        int next = 0;
        for (Object element : after) {
            if (next < before.size() && same(before.get(next), element)) {
                next++;
            }
        }
        return next == before.size();
    }

    private void lists(String path, List<?> before, List<?> after) {
        int next = 0;
        for (int i = 0; i < after.size(); i++) {
            if (next < before.size() && same(before.get(next), after.get(i))) {
                values(path + "/" + i, before.get(next), after.get(i));
                next++;
            } else {
                operations.add(new Operation("add", path + "/" + i, after.get(i)));
            }
        }
    }

    private static boolean same(@Nullable Object before, @Nullable Object after) {
        if (before instanceof Map<?, ?> old
                && after instanceof Map<?, ?> current
                && old.get("name") instanceof String name) {
            return name.equals(current.get("name"));
        }
        return Objects.equals(before, after);
    }
}
