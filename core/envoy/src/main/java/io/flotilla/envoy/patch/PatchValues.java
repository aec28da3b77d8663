package io.flotilla.envoy.patch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.envoy.EnvoyTypes;

/** Values of patches as Envoy's messages. */
final class PatchValues {
    private static final String TYPE = "@type";
    private static final String PREFIX = "type.googleapis.com/";
    private static final String TYPED_STRUCT = PREFIX + "xds.type.v3.TypedStruct";

    private PatchValues() {}

    /**
     * Reads a value as a message of the prototype's type.
     *
     * @throws InvalidProtocolBufferException where it is none; its message says why
     */
    static Message read(Message prototype, Struct value) throws InvalidProtocolBufferException {
        Message.Builder builder = prototype.newBuilderForType();
        JsonFormat.parser()
                .usingTypeRegistry(EnvoyTypes.registry())
                .merge(JsonFormat.printer().print(known(value)), builder);
        return builder.build();
    }

    // Envoy has more extensions than are known here: it takes them as a TypedStruct and reads that by itself.
    private static Struct known(Struct struct) {
        Struct.Builder built = Struct.newBuilder();
        struct.getFieldsMap().forEach((name, value) -> built.putFields(name, known(value)));
        String type =
                struct.getFieldsOrDefault(TYPE, Value.getDefaultInstance()).getStringValue();
        if (type.isEmpty() || isKnown(type)) {
            return built.build();
        }
        Struct content = built.removeFields(TYPE).build();
        return Struct.newBuilder()
                .putFields(TYPE, text(TYPED_STRUCT))
                .putFields("typeUrl", text(type))
                .putFields("value", Value.newBuilder().setStructValue(content).build())
                .build();
    }

    private static Value known(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE ->
                Value.newBuilder().setStructValue(known(value.getStructValue())).build();
            case LIST_VALUE -> {
                ListValue.Builder list = ListValue.newBuilder();
                value.getListValue().getValuesList().forEach(item -> list.addValues(known(item)));
                yield Value.newBuilder().setListValue(list).build();
            }
            default -> value;
        };
    }

    private static boolean isKnown(String type) {
        try {
            return EnvoyTypes.registry().getDescriptorForTypeUrl(type) != null;
        } catch (InvalidProtocolBufferException noTypeUrl) {
            return false;
        }
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
