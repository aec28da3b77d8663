package io.flotilla.pilot.chaos;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.discovery.client.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A mesh in which one object after another comes, goes, loses a field or gets it back, or names another of several things,
 * whatever validation would say of it.
 */
final class FieldsMesh {
    private static final int CHANGED = 3;

    private final Random random;
    private final Map<ObjectKey, Config<?>> whole = new TreeMap<>();
    private final Map<ObjectKey, Config<?>> now;
    private final List<ObjectKey> changed = new ArrayList<>();
    private final Published published = new Published();
    private String last = "";

    FieldsMesh(Map<String, String> files, Random random) {
        this.random = random;
        MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(new ArrayList<>(MeshFolder.read(files).expanded()), List.of())
                .objects()
                .published()
                .stream()
                .filter(config -> Collections.of(config.key().kind()).isPresent())
                .forEach(config -> whole.put(config.key(), config));
        now = new TreeMap<>(whole);
    }

    /** What the last edit did. */
    String last() {
        return last;
    }

    Update publish() {
        return published.next(now.values());
    }

    Update edit() {
        if (changed.size() >= CHANGED || (!changed.isEmpty() && random.nextInt(3) == 0)) {
            ObjectKey key = changed.remove(random.nextInt(changed.size()));
            now.put(key, Objects.requireNonNull(whole.get(key)));
            last = key + " as it was";
            return publish();
        }
        List<ObjectKey> keys = new ArrayList<>(whole.keySet());
        keys.removeAll(changed);
        ObjectKey key = keys.get(random.nextInt(keys.size()));
        changed.add(key);
        // What a registry tells of a service at all is no choice of anybody.
        boolean registry = key.kind().group().equals(Kind.REGISTRY_SERVICE.group());
        if (random.nextInt(registry ? 2 : 8) == 0) {
            now.remove(key);
            last = key + " is gone";
        } else {
            Config<?> config = Objects.requireNonNull(whole.get(key));
            last = key + " without ";
            now.put(key, with(config, without(config.spec(), field -> !registry || field.isRepeated())));
        }
        return publish();
    }

    private static Config<?> with(Config<?> config, Message spec) {
        return new Config<>(
                config.key(),
                spec,
                config.labels(),
                config.annotations(),
                config.created(),
                ContentVersion.of(spec, config.labels(), config.annotations()),
                config.origin());
    }

    /** A message that lacks something at random, or says another name at a place of names. */
    private Message without(Message message, Predicate<FieldDescriptor> some) {
        List<FieldDescriptor> fields =
                message.getAllFields().keySet().stream().filter(some).toList();
        if (fields.isEmpty()) {
            return message;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        last += "." + field.getJsonName();
        if (field.isRepeated()) {
            List<?> items = (List<?>) message.getField(field);
            int at = random.nextInt(items.size());
            last += "[" + at + "]";
            Message.Builder other = message.toBuilder();
            if (items.get(at) instanceof Message inner && random.nextInt(4) > 0) {
                return other.setRepeatedField(field, at, without(inner, each -> true))
                        .build();
            }
            List<Object> rest = new ArrayList<>(items);
            rest.remove(at);
            other.clearField(field);
            rest.forEach(each -> other.addRepeatedField(field, each));
            return other.build();
        }
        Object value = message.getField(field);
        if (value instanceof Message inner && random.nextInt(4) > 0) {
            return message.toBuilder()
                    .setField(field, without(inner, each -> true))
                    .build();
        }
        if (value instanceof EnumValueDescriptor name && random.nextBoolean()) {
            List<EnumValueDescriptor> names = name.getType().getValues();
            return message.toBuilder()
                    .setField(field, names.get(random.nextInt(names.size())))
                    .build();
        }
        return message.toBuilder().clearField(field).build();
    }
}
