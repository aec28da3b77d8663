package io.flotilla.config.analysis.hygiene;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which messages can hold something deprecated at all, at whatever depth: in a large mesh few objects need a look. */
final class DeprecatedParts {
    private static final Map<Descriptor, Boolean> KNOWN = new ConcurrentHashMap<>();

    private DeprecatedParts() {}

    /** A field of the type, of a type that it holds, or a value of an enum there, is deprecated. */
    static boolean in(Descriptor type) {
        Boolean known = KNOWN.get(type);
        if (known == null) {
            known = search(type);
            KNOWN.put(type, known);
        }
        return known;
    }

    private static boolean search(Descriptor type) {
        Set<Descriptor> seen = new HashSet<>();
        Deque<Descriptor> ahead = new ArrayDeque<>();
        seen.add(type);
        ahead.add(type);
        while (!ahead.isEmpty()) {
            for (FieldDescriptor field : ahead.remove().getFields()) {
                if (isDeprecated(field)) {
                    return true;
                }
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && seen.add(field.getMessageType())) {
                    ahead.add(field.getMessageType());
                }
            }
        }
        return false;
    }

    private static boolean isDeprecated(FieldDescriptor field) {
        return field.getOptions().getDeprecated()
                || (field.getJavaType() == FieldDescriptor.JavaType.ENUM
                        && field.getEnumType().getValues().stream().anyMatch(DeprecatedParts::isDeprecated));
    }

    private static boolean isDeprecated(EnumValueDescriptor value) {
        return value.getOptions().getDeprecated();
    }
}
