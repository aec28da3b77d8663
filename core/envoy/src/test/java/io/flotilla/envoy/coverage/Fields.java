package io.flotilla.envoy.coverage;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The fields of a message by path, "http.match.uri.prefix", and what of them a given message sets. */
final class Fields {
    private Fields() {}

    /** One place in a message where a field is set, and the message without it. */
    record Place(String path, Message without) {}

    /** Paths of all fields that hold a value; a message inside itself is not entered a second time. */
    static NavigableSet<String> of(Descriptor message) {
        NavigableSet<String> paths = new TreeSet<>();
        collect(message, "", new HashSet<>(), paths::add);
        return paths;
    }

    private static void collect(Descriptor message, String prefix, Set<String> above, Consumer<String> sink) {
        above.add(message.getFullName());
        for (FieldDescriptor field : message.getFields()) {
            String path = prefix + field.getJsonName();
            if (!enters(value(field))) {
                sink.accept(path);
            } else if (!above.contains(value(field).getMessageType().getFullName())) {
                sink.accept(path);
                collect(value(field).getMessageType(), path + ".", above, sink);
            }
        }
        above.remove(message.getFullName());
    }

    /** What stands at each key of a map; every other field itself. */
    private static FieldDescriptor value(FieldDescriptor field) {
        return field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
    }

    /** Well-known types are values. */
    private static boolean enters(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE
                && !field.getMessageType().getFullName().startsWith("google.protobuf.");
    }

    /** Every set field of a message, one at a time: a value, an element of a list, an entry of a map, a part. */
    static List<Place> places(Message message) {
        List<Place> places = new ArrayList<>();
        collect(message, "", places::add);
        return places;
    }

    private static void collect(Message message, String prefix, Consumer<Place> sink) {
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            String path = prefix + field.getJsonName();
            if (field.isRepeated()) {
                elements(message, field, path, sink);
            } else {
                sink.accept(
                        new Place(path, message.toBuilder().clearField(field).build()));
                if (enters(field)) {
                    collect(
                            (Message) entry.getValue(),
                            path + ".",
                            inner -> sink.accept(new Place(
                                    inner.path(),
                                    message.toBuilder()
                                            .setField(field, inner.without())
                                            .build())));
                }
            }
        }
    }

    private static void elements(Message message, FieldDescriptor field, String path, Consumer<Place> sink) {
        List<?> all = (List<?>) message.getField(field);
        for (int i = 0; i < all.size(); i++) {
            int at = i;
            List<Object> others = new ArrayList<>(all);
            others.remove(i);
            Message.Builder without = message.toBuilder().clearField(field);
            others.forEach(other -> without.addRepeatedField(field, other));
            sink.accept(new Place(path, without.build()));
            if (enters(value(field))) {
                Message element = (Message) all.get(i);
                collect(
                        field.isMapField() ? (Message) element.getField(value(field)) : element,
                        path + ".",
                        inner -> sink.accept(new Place(
                                inner.path(),
                                message.toBuilder()
                                        .setRepeatedField(field, at, in(element, field, inner.without()))
                                        .build())));
            }
        }
    }

    private static Message in(Message element, FieldDescriptor field, Message without) {
        return field.isMapField()
                ? element.toBuilder().setField(value(field), without).build()
                : without;
    }
}
