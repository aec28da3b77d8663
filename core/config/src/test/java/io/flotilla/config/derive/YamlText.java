package io.flotilla.config.derive;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Map;

/** Messages as YAML in blocks, in the order of their fields, for golden files. */
final class YamlText {
    private YamlText() {}

    static String of(Message message) throws InvalidProtocolBufferException {
        Struct.Builder struct = Struct.newBuilder();
        JsonFormat.parser().merge(JsonFormat.printer().print(message), struct);
        StringBuilder out = new StringBuilder();
        mapping(struct.build(), "", out);
        return out.toString();
    }

    private static void mapping(Struct struct, String indent, StringBuilder out) {
        for (Map.Entry<String, Value> entry : struct.getFieldsMap().entrySet()) {
            out.append(indent).append(entry.getKey()).append(':');
            value(entry.getValue(), indent, out);
        }
    }

    private static void value(Value value, String indent, StringBuilder out) {
        switch (value.getKindCase()) {
            case STRUCT_VALUE -> {
                if (value.getStructValue().getFieldsCount() == 0) {
                    out.append(" {}\n");
                } else {
                    out.append('\n');
                    mapping(value.getStructValue(), indent + "  ", out);
                }
            }
            case LIST_VALUE -> list(value.getListValue().getValuesList(), indent, out);
            case NUMBER_VALUE -> {
                double number = value.getNumberValue();
                String text = number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
                out.append(' ').append(text).append('\n');
            }
            case BOOL_VALUE -> out.append(' ').append(value.getBoolValue()).append('\n');
            default ->
                out.append(" \"")
                        .append(value.getStringValue().replace("\\", "\\\\").replace("\"", "\\\""))
                        .append("\"\n");
        }
    }

    private static void list(List<Value> items, String indent, StringBuilder out) {
        if (items.isEmpty()) {
            out.append(" []\n");
            return;
        }
        out.append('\n');
        for (Value item : items) {
            StringBuilder inner = new StringBuilder();
            if (item.hasStructValue()) {
                mapping(item.getStructValue(), indent + "  ", inner);
                out.append(indent).append("- ").append(inner.substring(Math.min(inner.length(), indent.length() + 2)));
            } else {
                value(item, indent, inner);
                out.append(indent).append('-').append(inner);
            }
        }
    }
}
