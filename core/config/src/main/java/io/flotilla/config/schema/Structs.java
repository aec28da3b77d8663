package io.flotilla.config.schema;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.yaml.YamlNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trees as google.protobuf.Struct, for objects of which no message is known. */
public final class Structs {
    private Structs() {}

    public static Struct struct(YamlNode.Mapping mapping) {
        Struct.Builder struct = Struct.newBuilder();
        mapping.entries().forEach((name, entry) -> struct.putFields(name, value(entry.value())));
        return struct.build();
    }

    public static Value value(YamlNode node) {
        return switch (node) {
            case YamlNode.Text text ->
                Value.newBuilder().setStringValue(text.value()).build();
            case YamlNode.Bool bool ->
                Value.newBuilder().setBoolValue(bool.value()).build();
            case YamlNode.Null none ->
                Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
            case YamlNode.Numeric number -> number(number);
            case YamlNode.Mapping mapping ->
                Value.newBuilder().setStructValue(struct(mapping)).build();
            case YamlNode.Sequence sequence -> {
                ListValue.Builder list = ListValue.newBuilder();
                sequence.items().forEach(item -> list.addValues(value(item)));
                yield Value.newBuilder().setListValue(list).build();
            }
        };
    }

    /** The tree that a Struct came from, without its lines: so that it can be read as another message. */
    public static YamlNode.Mapping node(Struct struct) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((name, value) -> entries.put(name, new YamlNode.Entry(1, node(value))));
        return new YamlNode.Mapping(entries, 1);
    }

    static YamlNode node(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> new YamlNode.Text(value.getStringValue(), true, 1);
            case BOOL_VALUE -> new YamlNode.Bool(value.getBoolValue(), 1);
            case NUMBER_VALUE ->
                new YamlNode.Numeric(
                        BigDecimal.valueOf(value.getNumberValue())
                                .stripTrailingZeros()
                                .toPlainString(),
                        1);
            case STRUCT_VALUE -> node(value.getStructValue());
            case LIST_VALUE ->
                new YamlNode.Sequence(
                        value.getListValue().getValuesList().stream()
                                .map(Structs::node)
                                .toList(),
                        1);
            case NULL_VALUE, KIND_NOT_SET -> new YamlNode.Null(1);
        };
    }

    private static Value number(YamlNode.Numeric number) {
        return Numbers.real(number)
                .filter(Double::isFinite)
                .map(real -> Value.newBuilder().setNumberValue(real).build())
                .orElseGet(
                        () -> Value.newBuilder().setStringValue(number.value()).build());
    }
}
