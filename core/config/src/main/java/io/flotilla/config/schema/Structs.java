package io.flotilla.config.schema;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.yaml.YamlNode;

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

    private static Value number(YamlNode.Numeric number) {
        return Numbers.real(number)
                .filter(Double::isFinite)
                .map(real -> Value.newBuilder().setNumberValue(real).build())
                .orElseGet(
                        () -> Value.newBuilder().setStringValue(number.value()).build());
    }
}
