package io.flotilla.envoy.coverage;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.validate.Validators;
import io.flotilla.config.yaml.YamlReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An object that sets one field and nothing else, and what validation says of it. */
final class Probe {
    private static final String KEY = "some-key";

    private Probe() {}

    /** A diagnostic and the field that it is about, without indexes: "http.fault.abort". */
    record Said(String field, Diagnostic diagnostic) {}

    /** What is said of an object of this kind where this field is set. */
    static List<Said> of(Message kind, String path) {
        Message set = with(kind.newBuilderForType(), List.of(path.split("\\.")));
        boolean mesh = kind instanceof MeshConfig;
        String prefix = mesh ? "data.mesh." : "spec.";
        Problems problems = new Problems(
                "probe.yaml",
                "",
                new YamlReader()
                        .read("probe.yaml", "a: b")
                        .documents()
                        .getFirst()
                        .root());
        Validators.validate(mesh ? map(set) : config(kind(kind.getDescriptorForType()), set), false, problems);
        return problems.found().stream()
                .filter(each -> each.path().startsWith(prefix))
                .map(each ->
                        new Said(each.path().substring(prefix.length()).replaceAll("\\[\\d+]|\\." + KEY, ""), each))
                .toList();
    }

    private static Kind kind(Descriptor kind) {
        return List.of(
                        Kind.VIRTUAL_SERVICE,
                        Kind.DESTINATION_RULE,
                        Kind.GATEWAY,
                        Kind.SERVICE_ENTRY,
                        Kind.SIDECAR,
                        Kind.ENVOY_FILTER,
                        Kind.AUTHORIZATION_POLICY,
                        Kind.TELEMETRY,
                        Kind.REQUEST_AUTHENTICATION,
                        Kind.WASM_PLUGIN,
                        Kind.WORKLOAD_ENTRY,
                        Kind.WORKLOAD_GROUP,
                        Kind.PROXY_CONFIG)
                .stream()
                .filter(each -> each.name().equals(kind.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static Config<Struct> map(Message mesh) {
        try {
            Struct data = Struct.newBuilder()
                    .putFields("mesh", text(JsonFormat.printer().print(mesh)))
                    .build();
            return config(
                    Kind.CONFIG_MAP,
                    Struct.newBuilder()
                            .putFields(
                                    "data",
                                    Value.newBuilder().setStructValue(data).build())
                            .build());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static <T extends Message> Config<T> config(Kind kind, T spec) {
        ObjectKey key = ObjectKey.of(kind, "istio-system", "istio");
        return new Config<>(key, spec, Map.of(), Map.of(), Instant.EPOCH, "1", Origin.NONE);
    }

    private static Message with(Message.Builder message, List<String> path) {
        FieldDescriptor field = message.getDescriptorForType().getFields().stream()
                .filter(each -> each.getJsonName().equals(path.getFirst()))
                .findFirst()
                .orElseThrow();
        Object value = path.size() == 1
                ? sample(message, field)
                : field.isMapField()
                        ? entry(message.newBuilderForField(field), path.subList(1, path.size()))
                        : with(message.newBuilderForField(field), path.subList(1, path.size()));
        return field.isRepeated()
                ? message.addRepeatedField(field, value).build()
                : message.setField(field, value).build();
    }

    private static Message entry(Message.Builder entry, List<String> path) {
        FieldDescriptor key = entry.getDescriptorForType().findFieldByName("key");
        FieldDescriptor value = entry.getDescriptorForType().findFieldByName("value");
        return entry.setField(key, KEY)
                .setField(value, with(entry.newBuilderForField(value), path))
                .build();
    }

    /** Something that is not the field's default. */
    private static Object sample(Message.Builder message, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 1;
            case LONG -> 1L;
            case FLOAT -> 1f;
            case DOUBLE -> 1d;
            case BOOLEAN -> true;
            case STRING -> "x";
            case BYTE_STRING -> com.google.protobuf.ByteString.copyFromUtf8("x");
            case ENUM -> {
                List<EnumValueDescriptor> values = field.getEnumType().getValues();
                yield values.get(Math.min(1, values.size() - 1));
            }
            case MESSAGE ->
                field.getMessageType().equals(Duration.getDescriptor())
                        ? Duration.newBuilder().setSeconds(1).build()
                        : field.isMapField()
                                ? DynamicMessage.newBuilder(field.getMessageType())
                                        .setField(field.getMessageType().findFieldByNumber(1), KEY)
                                        .build()
                                : message.newBuilderForField(field).build();
        };
    }
}
