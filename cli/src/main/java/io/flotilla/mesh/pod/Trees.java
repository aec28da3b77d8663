package io.flotilla.mesh.pod;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Manifests as maps and lists, as a YAML loader gives them, and as protobuf structs. */
public final class Trees {
    private Trees() {}

    public static Map<String, Object> toMap(Struct struct) {
        Map<String, Object> map = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((key, value) -> {
            Object tree = toTree(value);
            if (tree != null) {
                map.put(key, tree);
            }
        });
        return map;
    }

    private static @Nullable Object toTree(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case NUMBER_VALUE -> number(value.getNumberValue());
            case STRUCT_VALUE -> toMap(value.getStructValue());
            case LIST_VALUE -> {
                List<@Nullable Object> list = new ArrayList<>();
                value.getListValue().getValuesList().forEach(item -> list.add(toTree(item)));
                yield list;
            }
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }

    /** Whole numbers stay whole: a port is 9080, not 9080.0. */
    private static Number number(double number) {
        if (number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE) {
            return (int) number;
        }
        return number == Math.rint(number) && Math.abs(number) < 1L << 53 ? (Number) (long) number : (Number) number;
    }

    public static Struct toStruct(Map<?, ?> map) {
        Struct.Builder struct = Struct.newBuilder();
        map.forEach((key, value) -> struct.putFields(String.valueOf(key), toValue(value)));
        return struct.build();
    }

    private static Value toValue(@Nullable Object tree) {
        Value.Builder value = Value.newBuilder();
        return switch (tree) {
            case null -> value.setNullValue(NullValue.NULL_VALUE).build();
            case String text -> value.setStringValue(text).build();
            case Boolean flag -> value.setBoolValue(flag).build();
            case Number number -> value.setNumberValue(number.doubleValue()).build();
            case Map<?, ?> map -> value.setStructValue(toStruct(map)).build();
            case List<?> list -> {
                ListValue.Builder values = ListValue.newBuilder();
                list.forEach(item -> values.addValues(toValue(item)));
                yield value.setListValue(values).build();
            }
            default -> value.setStringValue(tree.toString()).build();
        };
    }
}
