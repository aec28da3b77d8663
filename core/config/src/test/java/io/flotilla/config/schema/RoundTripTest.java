package io.flotilla.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What protobuf's own printer writes, as JSON or as YAML, reads back as the same message. */
class RoundTripTest {
    private static final List<Message> PROTOTYPES = List.of(
            VirtualService.getDefaultInstance(),
            DestinationRule.getDefaultInstance(),
            Gateway.getDefaultInstance(),
            ServiceEntry.getDefaultInstance(),
            PeerAuthentication.getDefaultInstance(),
            Policy.getDefaultInstance(),
            MeshConfig.getDefaultInstance());

    @Property(tries = 400)
    void readsWhatProtobufWrites(@ForAll long seed, @ForAll @IntRange(min = 0, max = 6) int which)
            throws InvalidProtocolBufferException {
        Message message = Messages.random(PROTOTYPES.get(which), new Random(seed), 0);
        String json = JsonFormat.printer().print(message);
        assertThat(read(message, json)).isEqualTo(message);
        assertThat(read(message, yaml(json))).isEqualTo(message);
        String snake = JsonFormat.printer().preservingProtoFieldNames().print(message);
        assertThat(read(message, snake)).isEqualTo(message);
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
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(json);
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setSchema(new CoreSchema())
                        .build())
                .dumpToString(tree);
    }

    /** Messages with random fields set. */
    private static final class Messages {
        private static final String[] WORDS = {
            "", "a", "yes", "null", "1", "0x1", "a: b", "- x", "#", "é\"'\\", "~", "1.5s"
        };

        static Message random(Message prototype, Random random, int depth) {
            if (prototype instanceof Duration) {
                return Duration.newBuilder()
                        .setSeconds(random.nextInt(100_000))
                        .setNanos(random.nextInt(1000) * 1_000_000)
                        .build();
            }
            Message.Builder builder = prototype.newBuilderForType();
            for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
                if (random.nextInt(3) != 0 || depth > 5) {
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
