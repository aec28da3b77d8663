package io.flotilla.citadel.kubernetes;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Objects of the Kubernetes API as google.protobuf.Struct. */
final class Json {
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
