package io.flotilla.config.schema;

import io.flotilla.config.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** A place in an object: "spec.http[0].route[1].weight". Immutable; {@link #ROOT} is the object itself. */
public final class FieldPath {
    public static final FieldPath ROOT = new FieldPath(null, "", -1);

    private static final int MAX_DIGITS = 9;

    private final @Nullable FieldPath parent;
    private final String name;
    private final int index;

    private FieldPath(@Nullable FieldPath parent, String name, int index) {
        this.parent = parent;
        this.name = name;
        this.index = index;
    }

    /** The place that {@link #toString} wrote. */
    public static FieldPath parse(String text) {
        FieldPath path = ROOT;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '[' && text.startsWith("[\"", at)) {
                int end = text.indexOf("\"]", at + 2);
                int to = end < 0 ? text.length() : end;
                path = path.field(text.substring(at + 2, to));
                at = to + 2;
            } else if (isIndex(text, at)) {
                int end = text.indexOf(']', at);
                path = path.item(Integer.parseInt(text, at + 1, end, 10));
                at = end + 1;
            } else {
                int from = c == '.' ? at + 1 : at;
                // A bracket that begins no index is a letter like others: keys may be anything.
                at = c == '[' ? at + 1 : from;
                while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
                    at++;
                }
                path = path.field(text.substring(from, at));
            }
        }
        return path;
    }

    /** "[12]" stands there. */
    private static boolean isIndex(String text, int at) {
        int end = text.indexOf(']', at);
        boolean index = text.charAt(at) == '[' && end > at + 1 && end <= at + MAX_DIGITS + 1;
        for (int i = at + 1; index && i < end; i++) {
            index = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return index;
    }

    /** A field, or a key of a map. */
    public FieldPath field(String field) {
        return new FieldPath(this, field, -1);
    }

    /** An item of a list, from 0. */
    public FieldPath item(int at) {
        return new FieldPath(this, "", at);
    }

    /** The line of this place in the document, or of the nearest enclosing place that is there. */
    public int lineIn(YamlNode root) {
        int[] line = {root.line()};
        find(root, line);
        return line[0];
    }

    private @Nullable YamlNode find(YamlNode root, int[] line) {
        if (parent == null) {
            return root;
        }
        YamlNode outer = parent.find(root, line);
        if (outer instanceof YamlNode.Mapping mapping && index < 0) {
            YamlNode.Entry entry = mapping.entries().get(name);
            if (entry == null) {
                entry = mapping.entries().get(FieldNames.snakeCase(name));
            }
            if (entry != null) {
                line[0] = entry.keyLine();
                return entry.value();
            }
        } else if (outer instanceof YamlNode.Sequence sequence
                && index >= 0
                && index < sequence.items().size()) {
            YamlNode item = sequence.items().get(index);
            line[0] = item.line();
            return item;
        }
        return null;
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String before = parent.toString();
        if (index >= 0) {
            return before + "[" + index + "]";
        }
        if (name.isEmpty() || name.contains(".") || name.contains("/") || name.contains("[")) {
            return before + "[\"" + name + "\"]";
        }
        return before.isEmpty() ? name : before + "." + name;
    }
}
