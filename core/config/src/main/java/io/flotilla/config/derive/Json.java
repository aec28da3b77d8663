package io.flotilla.config.derive;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Collection;

/** Builds what is written as JSON, field by field. */
public final class Json {
    private final Struct.Builder struct = Struct.newBuilder();

    public Json put(String field, String text) {
        struct.putFields(field, Value.newBuilder().setStringValue(text).build());
        return this;
    }

    /** Left out where the text is empty. */
    public Json given(String field, String text) {
        return text.isEmpty() ? this : put(field, text);
    }

    public Json put(String field, int number) {
        struct.putFields(field, Value.newBuilder().setNumberValue(number).build());
        return this;
    }

    public Json put(String field, Struct part) {
        struct.putFields(field, Value.newBuilder().setStructValue(part).build());
        return this;
    }

    public Json put(String field, Collection<Struct> items) {
        ListValue.Builder list = ListValue.newBuilder();
        items.forEach(item -> list.addValues(Value.newBuilder().setStructValue(item)));
        struct.putFields(field, Value.newBuilder().setListValue(list).build());
        return this;
    }

    /** Conditions, in their order. */
    public Json conditions(Collection<Condition> conditions) {
        return put("conditions", conditions.stream().map(Condition::json).toList());
    }

    public Struct build() {
        return struct.build();
    }
}
