package io.flotilla.galley.status;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** Conditions of a status, as its reporters say them. Pure. */
final class Conditions {
    private static final String FIELD = "conditions";

    private Conditions() {}

    /** A status that has one condition. */
    static Struct of(String type, String status, String reason, String message) {
        Struct condition = Struct.newBuilder()
                .putFields("type", text(type))
                .putFields("status", text(status))
                .putFields("reason", text(reason))
                .putFields("message", text(message))
                .build();
        return Struct.newBuilder()
                .putFields(
                        FIELD,
                        Value.newBuilder()
                                .setListValue(ListValue.newBuilder()
                                        .addValues(Value.newBuilder().setStructValue(condition)))
                                .build())
                .build();
    }

    /** Both: a field is the later one's, but of conditions each keeps those of its types. */
    static Struct join(Struct before, Struct later) {
        Struct.Builder joined = before.toBuilder().putAllFields(later.getFieldsMap());
        if (before.containsFields(FIELD) && later.containsFields(FIELD)) {
            Map<String, Value> byType = new LinkedHashMap<>();
            for (Struct one : new Struct[] {before, later}) {
                one.getFieldsOrThrow(FIELD)
                        .getListValue()
                        .getValuesList()
                        .forEach(value -> byType.put(
                                value.getStructValue()
                                        .getFieldsOrDefault("type", Value.getDefaultInstance())
                                        .getStringValue(),
                                value));
            }
            joined.putFields(
                    FIELD,
                    Value.newBuilder()
                            .setListValue(ListValue.newBuilder().addAllValues(byType.values()))
                            .build());
        }
        return joined.build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
