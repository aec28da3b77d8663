package io.flotilla.config.schema;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.flotilla.config.yaml.YamlNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A message as a tree, by the JSON mapping of proto3: what {@link MessageReader} reads back as the same message. */
public final class MessageWriter {
    private static final int LINE = 1;
    private static final String WRAPPED = "value";

    private MessageWriter() {}

    /** The fields that are set, in the order of their numbers; the keys of a map sorted. */
    public static YamlNode write(Message message) {
        return switch (message) {
            case Duration duration -> text(Durations.toString(duration));
            case Timestamp timestamp -> text(Timestamps.toString(timestamp));
            // What it holds is not known here, and was not read either.
            case Any any -> new YamlNode.Mapping(Map.of("@type", entry(text(any.getTypeUrl()))), LINE);
            case Struct struct -> Structs.node(struct);
            case Value value -> Structs.node(value);
            case ListValue list ->
                Structs.node(Value.newBuilder().setListValue(list).build());
            default -> WellKnown.handles(message.getDescriptorForType()) ? wrapped(message) : fields(message);
        };
    }

    private static YamlNode wrapped(Message wrapper) {
        FieldDescriptor value = wrapper.getDescriptorForType().findFieldByName(WRAPPED);
        return scalar(value, wrapper.getField(value));
    }

    private static YamlNode fields(Message message) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        message.getAllFields().forEach((field, value) -> entries.put(field.getJsonName(), entry(field(field, value))));
        return new YamlNode.Mapping(entries, LINE);
    }

    private static YamlNode field(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            return map(field, (List<?>) value);
        }
        if (field.isRepeated()) {
            List<YamlNode> items = new ArrayList<>();
            ((List<?>) value).forEach(item -> items.add(scalar(field, item)));
            return new YamlNode.Sequence(items, LINE);
        }
        return scalar(field, value);
    }

    private static YamlNode map(FieldDescriptor field, List<?> pairs) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        Map<String, YamlNode.Entry> entries = new TreeMap<>();
        for (Object pair : pairs) {
            Message entry = (Message) pair;
            entries.put(key(key, entry.getField(key)), entry(scalar(value, entry.getField(value))));
        }
        return new YamlNode.Mapping(entries, LINE);
    }

    private static String key(FieldDescriptor field, Object key) {
        return scalar(field, key) instanceof YamlNode.Numeric number ? number.value() : String.valueOf(key);
    }

    private static YamlNode scalar(FieldDescriptor field, Object value) {
        return switch (value) {
            case Message message -> write(message);
            case String string -> text(string);
            case ByteString bytes -> text(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Boolean bool -> new YamlNode.Bool(bool, LINE);
            case EnumValueDescriptor constant ->
                constant.getIndex() < 0 ? number(Integer.toString(constant.getNumber())) : text(constant.getName());
            case Integer number ->
                number(
                        field.getType() == FieldDescriptor.Type.UINT32
                                ? Integer.toUnsignedString(number)
                                : number.toString());
            case Long number ->
                number(
                        field.getType() == FieldDescriptor.Type.UINT64
                                ? Long.toUnsignedString(number)
                                : number.toString());
            case Float number -> real(number, Float.toString(number));
            case Double number ->
                real(number, BigDecimal.valueOf(finite(number)).toPlainString());
            default -> throw new IllegalArgumentException(field.getFullName() + " holds a " + value.getClass());
        };
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number : 0;
    }

    private static YamlNode real(double number, String digits) {
        if (Double.isFinite(number)) {
            return number(digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits);
        }
        return text(Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    private static YamlNode number(String digits) {
        return new YamlNode.Numeric(digits, LINE);
    }

    private static YamlNode text(String text) {
        return new YamlNode.Text(text, false, LINE);
    }

    private static YamlNode.Entry entry(YamlNode value) {
        return new YamlNode.Entry(LINE, value);
    }
}
