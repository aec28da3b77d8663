package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A manifest, or a part of one, read by field names: absent fields and fields of another type are empty, for what is
 * wrong with them has been reported where the file was read.
 *
 * @param struct its content
 */
public record Manifest(Struct struct) {
    /** The value at a path of mappings. */
    public Optional<Value> value(String... path) {
        Struct at = struct;
        for (int i = 0; i < path.length; i++) {
            Value value = at.getFieldsMap().get(path[i]);
            if (value == null || value.hasNullValue()) {
                return Optional.empty();
            }
            if (i == path.length - 1) {
                return Optional.of(value);
            }
            at = value.getStructValue();
        }
        return Optional.empty();
    }

    /** Text, or a number as text; empty text where there is neither. */
    public String text(String... path) {
        return value(path).map(Manifest::text).orElse("");
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case NUMBER_VALUE -> number(value.getNumberValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> "";
        };
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    /** A whole number, also one in quotes. */
    public OptionalInt number(String... path) {
        String text = text(path);
        try {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    public boolean flag(String... path) {
        return value(path).map(Value::getBoolValue).orElse(false);
    }

    /** The mappings of a list. */
    public List<Manifest> list(String... path) {
        return value(path)
                .map(value -> value.getListValue().getValuesList().stream()
                        .map(item -> new Manifest(item.getStructValue()))
                        .toList())
                .orElse(List.of());
    }

    /** The texts of a list. */
    public List<String> texts(String... path) {
        return value(path)
                .map(value -> value.getListValue().getValuesList().stream()
                        .map(Manifest::text)
                        .toList())
                .orElse(List.of());
    }

    /** A part; empty where it is absent. */
    public Manifest part(String... path) {
        return new Manifest(value(path).map(Value::getStructValue).orElse(Struct.getDefaultInstance()));
    }

    /** A mapping of texts, sorted. */
    public SortedMap<String, String> strings(String... path) {
        SortedMap<String, String> strings = new TreeMap<>();
        part(path).struct.getFieldsMap().forEach((key, value) -> strings.put(key, text(value)));
        return Collections.unmodifiableSortedMap(strings);
    }
}
