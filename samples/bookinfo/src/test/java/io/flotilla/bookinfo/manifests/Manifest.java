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
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Manifest> parse(String yaml) {
        List<Manifest> objects = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            if (document instanceof Map<?, ?> tree) {
                objects.add(new Manifest(tree));
            }
        }
        return objects;
    }

    /** The list under these keys, empty where there is none. */
    List<Manifest> list(Object... path) {
        return at(path) instanceof List<?> list
                ? list.stream()
                        .<Manifest>map(item -> new Manifest((Map<?, ?>) item))
                        .toList()
                : List.of();
    }

    /** The text under these keys. */
    String text(Object... path) {
        return String.valueOf(at(path));
    }

    /** The map under these keys, empty where there is none. */
    Map<?, ?> map(Object... path) {
        return at(path) instanceof Map<?, ?> map ? map : Map.of();
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
