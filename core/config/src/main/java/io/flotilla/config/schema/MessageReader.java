package io.flotilla.config.schema;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.flotilla.config.yaml.YamlNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads a tree as a protobuf message, by the JSON mapping of proto3, strictly: what the message does not have, or has
 * as another type, is a problem. What can be read is read, so that all problems are found at once.
 */
public final class MessageReader {
    /** Fields for which "mtls:" without a value means "mtls: {}", as classic Istio reads them. */
    private static final Set<String> NULL_IS_EMPTY =
            Set.of("istio.authentication.v1alpha1.PeerAuthenticationMethod.mtls");

    private static final String ANY = "google.protobuf.Any";
    private static final String TYPE = "@type";

    private final Problems problems;
    private final Mode mode;
    private final ScalarReader scalars;

    /**
     * How messages are read.
     *
     * @param strict       unknown fields are errors; else they are warnings
     * @param replacements fields of old that have a better form today are warnings
     * @param types        the message of a full name, for google.protobuf.Any; what is unknown there is taken as it is
     */
    public record Mode(boolean strict, boolean replacements, Function<String, Optional<Message>> types) {
        public static final Mode STRICT = new Mode(true, false, name -> Optional.empty());
        public static final Mode LENIENT = new Mode(false, false, name -> Optional.empty());
    }

    /**
     * A reader that reports to {@code problems}.
     *
     * @param strict unknown fields are errors; else they are warnings
     */
    public MessageReader(Problems problems, boolean strict) {
        this(problems, strict ? Mode.STRICT : Mode.LENIENT);
    }

    /** A reader that reports to {@code problems}. */
    public MessageReader(Problems problems, Mode mode) {
        this.problems = problems;
        this.mode = mode;
        this.scalars = new ScalarReader(problems);
    }

    /** Reads a message of the prototype's type; the result lacks what was wrong. */
    @SuppressWarnings("unchecked") // a builder of a prototype builds the prototype's type
    public <T extends Message> T read(T prototype, YamlNode node, FieldPath at) {
        Message.Builder builder = prototype.newBuilderForType();
        into(builder, node, at);
        return (T) builder.build();
    }

    private void into(Message.Builder builder, YamlNode node, FieldPath at) {
        if (WellKnown.handles(builder.getDescriptorForType())) {
            new WellKnown(problems, scalars).into(builder, node, at);
        } else if (builder.getDescriptorForType().getFullName().equals(ANY)) {
            any(builder, node, at);
        } else if (node instanceof YamlNode.Mapping mapping) {
            fields(builder, mapping, at);
        } else {
            wrongType("a mapping", node, at);
        }
    }

    /** Any other message, which says itself which one it is. */
    private void any(Message.Builder builder, YamlNode node, FieldPath at) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            wrongType("a mapping", node, at);
            return;
        }
        if (!(mapping.get(TYPE) instanceof YamlNode.Text type)) {
            problems.error("FL0009", at.field(TYPE), "is required");
            return;
        }
        Any.Builder any = Any.newBuilder().setTypeUrl(type.value());
        String name = type.value().substring(type.value().lastIndexOf('/') + 1);
        mode.types().apply(name).ifPresent(prototype -> {
            Map<String, YamlNode.Entry> rest = new LinkedHashMap<>(mapping.entries());
            rest.remove(TYPE);
            YamlNode content = new YamlNode.Mapping(rest, mapping.line());
            any.setValue(read(prototype, content, at).toByteString());
        });
        builder.mergeFrom(any.build());
    }

    private void fields(Message.Builder builder, YamlNode.Mapping mapping, FieldPath at) {
        Descriptor type = builder.getDescriptorForType();
        Map<String, FieldDescriptor> names = FieldNames.of(type);
        Map<FieldDescriptor, String> seen = new HashMap<>();
        Map<OneofDescriptor, String> chosen = new HashMap<>();
        mapping.entries().forEach((name, entry) -> {
            FieldPath place = at.field(name);
            FieldDescriptor field = names.get(name);
            if (field == null) {
                unknownField(type, name, place);
            } else if (seen.putIfAbsent(field, name) != null) {
                problems.error("FL0002", place, "given twice, as \"" + seen.get(field) + "\" too");
            } else if (present(field, entry.value())) {
                OneofDescriptor oneof = field.getRealContainingOneof();
                String other = oneof == null ? null : chosen.putIfAbsent(oneof, name);
                if (other == null) {
                    replaced(field, place);
                    field(builder, field, entry.value(), place);
                } else {
                    problems.error("FL0013", place, "cannot be given together with \"" + other + "\"");
                }
            }
        });
    }

    private void replaced(FieldDescriptor field, FieldPath at) {
        if (mode.replacements()) {
            Replacements.of(field).ifPresent(now -> problems.warning("FL0026", at, "is of old: " + now));
        }
    }

    private static boolean present(FieldDescriptor field, YamlNode value) {
        return !(value instanceof YamlNode.Null)
                || NULL_IS_EMPTY.contains(field.getFullName())
                || WellKnown.takesNull(field);
    }

    private void unknownField(Descriptor type, String name, FieldPath at) {
        if (problems.full()) {
            return;
        }
        Set<String> candidates = new TreeSet<>();
        type.getFields().forEach(field -> candidates.add(field.getJsonName()));
        String message = "unknown field \"" + name + "\"" + Spelling.suggestion(name, candidates);
        if (mode.strict()) {
            problems.error("FL0010", at, message);
        } else {
            problems.warning("FL0010", at, message);
        }
    }

    private void field(Message.Builder builder, FieldDescriptor field, YamlNode value, FieldPath at) {
        if (field.isMapField()) {
            mapField(builder, field, value, at);
        } else if (field.isRepeated()) {
            repeatedField(builder, field, value, at);
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder inner = builder.newBuilderForField(field);
            if (!(value instanceof YamlNode.Null) || WellKnown.takesNull(field)) {
                into(inner, value, at);
            }
            builder.setField(field, inner.build());
        } else {
            scalars.read(field, value, at).ifPresent(scalar -> builder.setField(field, scalar));
        }
    }

    private void repeatedField(Message.Builder builder, FieldDescriptor field, YamlNode value, FieldPath at) {
        if (!(value instanceof YamlNode.Sequence sequence)) {
            wrongType("a list", value, at);
            return;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            YamlNode item = sequence.items().get(i);
            FieldPath place = at.item(i);
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                Message.Builder inner = builder.newBuilderForField(field);
                into(inner, item, place);
                builder.addRepeatedField(field, inner.build());
            } else {
                scalars.read(field, item, place).ifPresent(scalar -> builder.addRepeatedField(field, scalar));
            }
        }
    }

    private void mapField(Message.Builder builder, FieldDescriptor field, YamlNode value, FieldPath at) {
        if (!(value instanceof YamlNode.Mapping mapping)) {
            wrongType("a mapping", value, at);
            return;
        }
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        mapping.entries().forEach((name, entry) -> {
            FieldPath place = at.field(name);
            Message.Builder pair = builder.newBuilderForField(field);
            var key = scalars.read(keyField, new YamlNode.Text(name, false, entry.keyLine()), place);
            if (key.isPresent()) {
                pair.setField(keyField, key.get());
                field(pair, valueField, entry.value(), place);
                builder.addRepeatedField(field, pair.build());
            }
        });
    }

    private void wrongType(String expected, YamlNode node, FieldPath at) {
        problems.error("FL0011", at, "needs " + expected + ", not a " + node.typeName());
    }
}
