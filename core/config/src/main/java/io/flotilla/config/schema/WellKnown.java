package io.flotilla.config.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.flotilla.config.yaml.YamlNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** Messages of protobuf itself that JSON writes in a way of their own. */
final class WellKnown {
    private static final Set<String> WRAPPERS = Set.of(
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");
    private static final String DURATION = "google.protobuf.Duration";
    private static final String TIMESTAMP = "google.protobuf.Timestamp";
    private static final String STRUCT = "google.protobuf.Struct";
    private static final String VALUE = "google.protobuf.Value";
    private static final String LIST = "google.protobuf.ListValue";

    private final Problems problems;
    private final ScalarReader scalars;

    WellKnown(Problems problems, ScalarReader scalars) {
        this.problems = problems;
        this.scalars = scalars;
    }

    static boolean handles(Descriptor type) {
        return switch (type.getFullName()) {
            case DURATION, TIMESTAMP, STRUCT, VALUE, LIST -> true;
            default -> WRAPPERS.contains(type.getFullName());
        };
    }

    /** Only for a Value is null a value. */
    static boolean takesNull(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().getFullName().equals(VALUE);
    }

    void into(Message.Builder builder, YamlNode node, FieldPath at) {
        switch (builder.getDescriptorForType().getFullName()) {
            case DURATION -> duration(node, at).ifPresent(builder::mergeFrom);
            case TIMESTAMP -> timestamp(node, at).ifPresent(builder::mergeFrom);
            case STRUCT -> struct(node, at).ifPresent(builder::mergeFrom);
            case VALUE -> builder.mergeFrom(Structs.value(node));
            case LIST -> list(node, at).ifPresent(builder::mergeFrom);
            default -> {
                FieldDescriptor value = builder.getDescriptorForType().findFieldByName("value");
                scalars.read(value, node, at).ifPresent(scalar -> builder.setField(value, scalar));
            }
        }
    }

    private Optional<com.google.protobuf.Duration> duration(YamlNode node, FieldPath at) {
        if (node instanceof YamlNode.Numeric number) {
            problems.error("FL0011", at, "needs a duration with its unit, \"" + number.value() + "s\", not a number");
            return Optional.empty();
        }
        return scalars.text(node, at).flatMap(text -> {
            Optional<com.google.protobuf.Duration> duration = Durations.parse(text);
            if (duration.isEmpty()) {
                problems.error("FL0012", at, "\"" + text + "\" is no duration; write \"5s\", \"100ms\" or \"1m30s\"");
            }
            return duration;
        });
    }

    private Optional<Timestamp> timestamp(YamlNode node, FieldPath at) {
        return scalars.text(node, at).flatMap(text -> {
            try {
                Instant instant = OffsetDateTime.parse(text).toInstant();
                return Optional.of(Timestamp.newBuilder()
                        .setSeconds(instant.getEpochSecond())
                        .setNanos(instant.getNano())
                        .build());
            } catch (DateTimeParseException e) {
                problems.error("FL0012", at, "\"" + text + "\" is no time; write \"2026-01-31T10:00:00Z\"");
                return Optional.empty();
            }
        });
    }

    private Optional<Struct> struct(YamlNode node, FieldPath at) {
        if (node instanceof YamlNode.Mapping mapping) {
            return Optional.of(Structs.struct(mapping));
        }
        problems.error("FL0011", at, "needs a mapping, not a " + node.typeName());
        return Optional.empty();
    }

    private Optional<ListValue> list(YamlNode node, FieldPath at) {
        Value value = Structs.value(node);
        if (value.hasListValue()) {
            return Optional.of(value.getListValue());
        }
        problems.error("FL0011", at, "needs a list, not a " + node.typeName());
        return Optional.empty();
    }
}
