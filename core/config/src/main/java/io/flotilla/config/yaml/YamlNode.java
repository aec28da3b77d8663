package io.flotilla.config.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a document, with the line (from 1) where it starts. */
public sealed interface YamlNode {
    int line();

    /** What messages call this: "string", "number", "list", ... */
    String typeName();

    /** Quoted text, or plain text that is no number, truth value or null. */
    record Text(String value, boolean plain, int line) implements YamlNode {
        @Override
        public String typeName() {
            return "string";
        }
    }

    /** A number, as it was written. */
    record Numeric(String value, int line) implements YamlNode {
        @Override
        public String typeName() {
            return "number";
        }
    }

    /** "true" or "false". */
    record Bool(boolean value, int line) implements YamlNode {
        @Override
        public String typeName() {
            return "boolean";
        }
    }

    /** Nothing: an empty value, "~" or "null". */
    record Null(int line) implements YamlNode {
        @Override
        public String typeName() {
            return "null";
        }
    }

    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String typeName() {
            return "list";
        }
    }

    /** A mapping; keys keep their order. */
    record Mapping(Map<String, Entry> entries, int line) implements YamlNode {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** The value of a key, or null where the key is absent. */
        public @Nullable YamlNode get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        @Override
        public String typeName() {
            return "mapping";
        }
    }

    /**
     * One value of a mapping.
     *
     * @param keyLine where its key stands
     * @param value   its value
     */
    record Entry(int keyLine, YamlNode value) {}
}
