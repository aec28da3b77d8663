package io.flotilla.envoy.coverage;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A place of a message where one of several names is set.
 *
 * @param path   the field, "http.corsPolicy.unmatchedPreflights"
 * @param values what may stand there
 * @param with   the message with one of these there
 */
record Choice(String path, List<EnumValueDescriptor> values, Function<EnumValueDescriptor, Message> with) {
    /** Every set place of a message whose field is an enum. */
    static List<Choice> of(Message message) {
        List<Choice> choices = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (!field.isRepeated()) {
                choices.addAll(of(
                        field,
                        entry.getValue(),
                        fresh -> message.toBuilder().setField(field, fresh).build()));
                continue;
            }
            List<?> items = (List<?>) entry.getValue();
            for (int i = 0; i < items.size(); i++) {
                int at = i;
                choices.addAll(of(
                        field,
                        items.get(i),
                        fresh -> message.toBuilder()
                                .setRepeatedField(field, at, fresh)
                                .build()));
            }
        }
        return choices;
    }

    private static List<Choice> of(FieldDescriptor field, Object value, Function<Object, Message> put) {
        if (value instanceof EnumValueDescriptor name) {
            return List.of(new Choice(field.getJsonName(), name.getType().getValues(), put::apply));
        }
        if (!(value instanceof Message inner)) {
            return List.of();
        }
        // An entry of a map is no part of a path.
        String prefix = field.getContainingType().getOptions().getMapEntry() ? "" : field.getJsonName() + ".";
        return of(inner).stream()
                .map(each -> new Choice(prefix + each.path, each.values, name -> put.apply(each.with.apply(name))))
                .toList();
    }
}
