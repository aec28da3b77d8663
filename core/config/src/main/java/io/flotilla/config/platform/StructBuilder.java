package io.flotilla.config.platform;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Writes manifests. */
final class StructBuilder {
    private final Struct.Builder struct;

    StructBuilder(Struct from) {
        this.struct = from.toBuilder();
    }

    StructBuilder() {
        this(Struct.getDefaultInstance());
    }

    StructBuilder put(String field, String value) {
        struct.putFields(field, Value.newBuilder().setStringValue(value).build());
        return this;
    }

    StructBuilder put(String field, boolean value) {
        struct.putFields(field, Value.newBuilder().setBoolValue(value).build());
        return this;
    }

    StructBuilder put(String field, int value) {
        struct.putFields(field, Value.newBuilder().setNumberValue(value).build());
        return this;
    }

    StructBuilder put(String field, Struct value) {
        struct.putFields(field, Value.newBuilder().setStructValue(value).build());
        return this;
    }

    StructBuilder put(String field, Map<String, String> strings) {
        StructBuilder inner = new StructBuilder();
        new TreeMap<>(strings).forEach(inner::put);
        return put(field, inner.build());
    }

    StructBuilder structs(String field, Collection<Struct> items) {
        ListValue.Builder list = ListValue.newBuilder();
        items.forEach(item -> list.addValues(Value.newBuilder().setStructValue(item)));
        struct.putFields(field, Value.newBuilder().setListValue(list).build());
        return this;
    }

    StructBuilder texts(String field, Collection<String> items) {
        ListValue.Builder list = ListValue.newBuilder();
        items.forEach(item -> list.addValues(Value.newBuilder().setStringValue(item)));
        struct.putFields(field, Value.newBuilder().setListValue(list).build());
        return this;
    }

    Struct build() {
        return struct.build();
    }
}
