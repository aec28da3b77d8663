package io.flotilla.envoy.patch;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.envoy.EnvoyTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Merges messages as Istio does: what the patch sets holds, messages are merged field by field, entries of maps by their
 * key, lists are appended to. Packed messages of one type are merged inside; durations, wrapped values and packed
 * messages of another type are replaced.
 *
 * @param replaceLists lists of the patch take the place of those that were there (MERGE_AND_REPLACE_LIST)
 */
record Merging(boolean replaceLists) {
    private static final String ANY = Any.getDescriptor().getFullName();
    private static final String STRUCT = Struct.getDescriptor().getFullName();
    private static final String WELL_KNOWN = "google.protobuf.";

    /** Both are of one type. */
    @SuppressWarnings("unchecked") // built by the message's own builder
    <T extends Message> T merge(T base, Message patch) {
        Message.Builder built = base.toBuilder();
        patch.getAllFields().forEach((field, value) -> {
            if (field.isMapField()) {
                map(built, field, (List<Message>) value);
            } else if (field.isRepeated()) {
                list(built, field, (List<?>) value);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && built.hasField(field)) {
                built.setField(field, inner((Message) built.getField(field), (Message) value));
            } else {
                built.setField(field, value);
            }
        });
        return (T) built.build();
    }

    private Message inner(Message base, Message patch) {
        String type = base.getDescriptorForType().getFullName();
        if (type.equals(ANY)) {
            return packed(any(base), any(patch));
        }
        return type.startsWith(WELL_KNOWN) && !type.equals(STRUCT) ? patch : merge(base, patch);
    }

    // Inside of messages that are read by their descriptor alone, a packed message is no Any of the library.
    private static Any any(Message message) {
        try {
            return message instanceof Any any ? any : Any.parseFrom(message.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it has the descriptor of Any", e);
        }
    }

    private Any packed(Any base, Any patch) {
        if (!base.getTypeUrl().equals(patch.getTypeUrl())) {
            return patch;
        }
        try {
            var type = EnvoyTypes.registry().getDescriptorForTypeUrl(base.getTypeUrl());
            if (type == null) {
                return patch;
            }
            var parser =
                    com.google.protobuf.DynamicMessage.getDefaultInstance(type).getParserForType();
            Message merged = merge(parser.parseFrom(base.getValue()), parser.parseFrom(patch.getValue()));
            return Any.newBuilder()
                    .setTypeUrl(base.getTypeUrl())
                    .setValue(merged.toByteString())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("packed by us or by the reader of patches", e);
        }
    }

    private void list(Message.Builder built, FieldDescriptor field, List<?> items) {
        if (replaceLists) {
            built.setField(field, items);
        } else {
            items.forEach(item -> built.addRepeatedField(field, item));
        }
    }

    private void map(Message.Builder built, FieldDescriptor field, List<Message> entries) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        Map<Object, Message> patched = new LinkedHashMap<>();
        entries.forEach(entry -> patched.put(entry.getField(keyField), entry));
        List<Message> merged = new ArrayList<>();
        Set<Object> met = new HashSet<>();
        for (int i = 0; i < built.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) built.getRepeatedField(field, i);
            Message change = patched.get(entry.getField(keyField));
            merged.add(change == null ? entry : entry(entry, change, valueField));
            met.add(entry.getField(keyField));
        }
        patched.forEach((key, entry) -> {
            if (!met.contains(key)) {
                merged.add(entry);
            }
        });
        built.setField(field, merged);
    }

    private Message entry(Message base, Message patch, FieldDescriptor valueField) {
        if (valueField.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return patch;
        }
        Message value = inner((Message) base.getField(valueField), (Message) patch.getField(valueField));
        return base.toBuilder().setField(valueField, value).build();
    }
}
