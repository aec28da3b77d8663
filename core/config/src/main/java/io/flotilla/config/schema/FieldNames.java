package io.flotilla.config.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The names under which a message's fields may be written: the JSON name, and the name in the .proto file. */
final class FieldNames {
    private static final Map<Descriptor, Map<String, FieldDescriptor>> BY_MESSAGE = new ConcurrentHashMap<>();

    private FieldNames() {}

    static Map<String, FieldDescriptor> of(Descriptor message) {
        return BY_MESSAGE.computeIfAbsent(message, FieldNames::index);
    }

    private static Map<String, FieldDescriptor> index(Descriptor message) {
        Map<String, FieldDescriptor> names = new TreeMap<>();
        for (FieldDescriptor field : message.getFields()) {
            names.put(field.getName(), field);
            names.put(field.getJsonName(), field);
        }
        return names;
    }

    /** "portLevelSettings" to "port_level_settings". */
    static String snakeCase(String camelCase) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (Character.isUpperCase(c)) {
                snake.append('_').append(Character.toLowerCase(c));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }
}
