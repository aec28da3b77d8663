package io.flotilla.citadel.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of the Kubernetes API as google.protobuf.Struct. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** 2^53: whole numbers below it are what they say. */
    private static final double EXACT = 9_007_199_254_740_992.0;

    private Json() {}

    static Struct metadata(String name, Map<String, String> labels) {
        Struct.Builder metadata = Struct.newBuilder().putFields("name", text(name));
        return labels.isEmpty()
                ? metadata.build()
                : metadata.putFields("labels", object(texts(labels))).build();
    }

    static Struct texts(Map<String, String> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((name, value) -> struct.putFields(name, text(value)));
        return struct.build();
    }

    static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    static Value object(Struct struct) {
        return Value.newBuilder().setStructValue(struct).build();
    }

    /** The text at a path of fields; empty where there is none. */
    static String textAt(Struct object, String... path) {
        Value value = object(object);
        for (String field : path) {
            value = value.getStructValue().getFieldsOrDefault(field, Value.getDefaultInstance());
        }
        return value.getStringValue();
    }

    /** The object in a field; empty where there is none. */
    static Struct at(Struct object, String field) {
        return object.getFieldsOrDefault(field, Value.getDefaultInstance()).getStructValue();
    }

    /** As text; whole numbers without a fraction, since the API server takes 600.0 for no number of seconds. */
    static String print(Struct object) throws IOException {
        return MAPPER.writeValueAsString(plain(object(object)));
    }

    private static @Nullable Object plain(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                value.getStructValue().getFieldsMap().forEach((name, field) -> fields.put(name, plain(field)));
                yield fields;
            }
            case LIST_VALUE -> {
                List<@Nullable Object> items = new ArrayList<>();
                value.getListValue().getValuesList().forEach(item -> items.add(plain(item)));
                yield items;
            }
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case NUMBER_VALUE -> number(value.getNumberValue());
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }

    private static Object number(double number) {
        if (number == Math.rint(number) && Math.abs(number) < EXACT) {
            return (long) number;
        }
        return number;
    }

    /** Text that the API has in Base64; empty where it is none. */
    static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** A list of one object. */
    static Value listOf(Struct object) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addValues(object(object)))
                .build();
    }

    static List<Struct> items(Struct list) {
        return list(list, "items");
    }

    /** The objects of a list. */
    static List<Struct> list(Struct object, String field) {
        return object.getFieldsOrDefault(field, Value.getDefaultInstance()).getListValue().getValuesList().stream()
                .map(Value::getStructValue)
                .toList();
    }
}
