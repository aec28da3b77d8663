package io.flotilla.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.object.KindCatalog;
import io.flotilla.config.object.KindInfo;
import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import io.flotilla.config.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What protobuf's own printer writes, as JSON or as YAML, reads back as the same message. */
class RoundTripTest {
    private static final List<Message> PROTOTYPES = prototypes();

    /** The message of every kind, and MeshConfig. */
    private static List<Message> prototypes() {
        List<Message> prototypes = new ArrayList<>(List.of(MeshConfig.getDefaultInstance()));
        KindCatalog.all().forEach(info -> {
            if (info.shape() instanceof KindInfo.Shape.Spec(Message prototype)) {
                prototypes.add(prototype);
            }
        });
        return prototypes;
    }

    @Test
    void aCharacterOfTwoHalvesIsReadWhereverItStands() {
        for (int before = 1_000; before < 1_050; before++) {
            String text = "x".repeat(before) + "😀".repeat(3);
            assertThat(PlainYaml.read("\"" + text + "\"")).isEqualTo(text);
            assertThat(PlainYaml.readAll("a: " + text)).containsExactly(Map.of("a", text));
        }
    }

    @Property(tries = 1_000)
    void readsWhatProtobufWrites(@ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int which)
            throws InvalidProtocolBufferException {
        Message message = Messages.random(PROTOTYPES.get(which % PROTOTYPES.size()), new Random(seed), 0);
        String json = JsonFormat.printer().print(message);
        assertThat(read(message, json)).isEqualTo(message);
        assertThat(read(message, yaml(json))).isEqualTo(message);
        String snake = JsonFormat.printer().preservingProtoFieldNames().print(message);
        assertThat(read(message, snake)).isEqualTo(message);
    }

    @Property(tries = 1_000)
    void readsWhatItWrites(@ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int which)
            throws InvalidProtocolBufferException {
        Message message = Messages.random(PROTOTYPES.get(which % PROTOTYPES.size()), new Random(seed), 0);
        YamlNode tree = MessageWriter.write(message);
        assertThat(read(message, YamlWriter.yaml(tree))).isEqualTo(message);
        String json = YamlWriter.json(tree);
        assertThat(read(message, json)).isEqualTo(message);
        // Whoever reads JSON by the rules of protobuf reads the same.
        Message.Builder others = message.newBuilderForType();
        JsonFormat.parser().merge(json, others);
        assertThat(others.build()).isEqualTo(message);
    }

    private static Message read(Message prototype, String text) {
        YamlFile file = new YamlReader().read("test.yaml", text);
        assertThat(file.broken()).isEmpty();
        if (file.documents().isEmpty()) {
            return prototype.getDefaultInstanceForType();
        }
        var root = file.documents().getFirst().root();
        Problems problems = new Problems("test.yaml", "", root);
        Message read =
                new MessageReader(problems, true).read(prototype.getDefaultInstanceForType(), root, FieldPath.ROOT);
        assertThat(problems.found()).isEmpty();
        return read;
    }

    private static String yaml(String json) {
        Object tree = PlainYaml.read(json);
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setSchema(new CoreSchema())
                        .build())
                .dumpToString(tree);
    }

    /** Messages with random fields set. */
    private static final class Messages {
        private static final String[] WORDS = {
            "",
            "a",
            "yes",
            "null",
            "1",
            "0x1",
            "a: b",
            "- x",
            "#",
            "é\"'\\",
            "~",
            "1.5s",
            "\n\t\u0001\u2028\uFEFF",
            "😀"
        };

        static Message random(Message prototype, Random random, int depth) {
            if (prototype instanceof Duration) {
                return Duration.newBuilder()
                        .setSeconds(random.nextInt(100_000))
                        .setNanos(random.nextInt(1000) * 1_000_000)
                        .build();
            }
            if (prototype instanceof Timestamp) {
                return Timestamp.newBuilder().setSeconds(random.nextInt()).build();
            }
            if (prototype instanceof Value) {
                return any(random, depth);
            }
            Message.Builder builder = prototype.newBuilderForType();
            for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
                if (random.nextInt(3) != 0 || depth > 5 || holdsAny(field)) {
                    continue;
                }
                if (field.isMapField()) {
                    map(builder, field, random, depth);
                } else if (field.isRepeated()) {
                    for (int i = random.nextInt(3); i > 0; i--) {
                        builder.addRepeatedField(field, value(builder, field, random, depth));
                    }
                } else {
                    builder.setField(field, value(builder, field, random, depth));
                }
            }
            return builder.build();
        }

        /** What is in these says itself what it is, and is not known here. */
        private static boolean holdsAny(FieldDescriptor field) {
            return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    && field.getMessageType().getFullName().equals("google.protobuf.Any");
        }

        private static Value any(Random random, int depth) {
            Value.Builder value = Value.newBuilder();
            return switch (random.nextInt(depth > 5 ? 4 : 6)) {
                case 0 -> value.setNullValue(NullValue.NULL_VALUE).build();
                case 1 -> value.setBoolValue(random.nextBoolean()).build();
                case 2 ->
                    value.setNumberValue(random.nextInt(3) == 0 ? random.nextInt() : random.nextDouble() * 1e9)
                            .build();
                case 3 ->
                    value.setStringValue(WORDS[random.nextInt(WORDS.length)]).build();
                case 4 ->
                    value.setStructValue((Struct) random(Struct.getDefaultInstance(), random, depth + 1))
                            .build();
                default ->
                    value.setListValue(ListValue.newBuilder()
                                    .addValues(any(random, depth + 1))
                                    .addValues(any(random, depth + 1)))
                            .build();
            };
        }

        private static void map(Message.Builder builder, FieldDescriptor field, Random random, int depth) {
            FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
            FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
            Map<Object, Object> entries = new HashMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                Message.Builder entry = builder.newBuilderForField(field);
                entries.put(value(entry, keyField, random, depth), value(entry, valueField, random, depth));
            }
            entries.forEach((key, value) -> builder.addRepeatedField(
                    field,
                    builder.newBuilderForField(field)
                            .setField(keyField, key)
                            .setField(valueField, value)
                            .build()));
        }

        private static Object value(Message.Builder builder, FieldDescriptor field, Random random, int depth) {
            return switch (field.getJavaType()) {
                case INT -> field.getType() == FieldDescriptor.Type.UINT32 ? random.nextInt() : random.nextInt() >> 4;
                case LONG -> random.nextLong();
                case FLOAT -> random.nextFloat();
                case DOUBLE -> random.nextDouble() * 100;
                case BOOLEAN -> random.nextBoolean();
                case STRING -> WORDS[random.nextInt(WORDS.length)];
                case BYTE_STRING -> com.google.protobuf.ByteString.copyFrom(new byte[] {1, (byte) random.nextInt()});
                case ENUM ->
                    field.getEnumType()
                            .getValues()
                            .get(random.nextInt(field.getEnumType().getValues().size()));
                case MESSAGE ->
                    random(
                            builder.newBuilderForField(field).buildPartial().getDefaultInstanceForType(),
                            random,
                            depth + 1);
            };
        }
    }
}
