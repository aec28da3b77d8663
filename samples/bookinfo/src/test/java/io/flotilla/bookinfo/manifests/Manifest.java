package io.flotilla.bookinfo.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One object of a YAML file, read by path. */
record Manifest(Map<?, ?> tree) {

    static List<Manifest> of(Path file) {
        List<Manifest> objects = new ArrayList<>();
        try {
            for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
                if (document instanceof Map<?, ?> tree) {
                    objects.add(new Manifest(tree));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    String kind() {
        return String.valueOf(at("kind"));
    }

    String name() {
        return String.valueOf(at("metadata", "name"));
    }

    /** The value under these keys, null where there is none. */
    @Nullable
    Object at(Object... path) {
        Object at = tree;
        for (Object step : path) {
            at = switch (at) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list -> step instanceof Integer index && index < list.size() ? list.get(index) : null;
                case null, default -> null;
            };
        }
        return at;
    }
}
