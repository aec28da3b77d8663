package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.flotilla.config.model.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Where a field of these meshes names one of several things, each name has proxies told something of its own, or
 * "same-values.txt" says why two names are one thing.
 */
class ValuesTest {
    private static final Path SAME = Meshes.FOLDER.resolve("same-values.txt");

    /** A line: which values of which field are one, and why. A path that begins with "*" is every one that ends so. */
    private record Same(String path, Set<String> values) {
        static List<Same> read(Path file) throws IOException {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.split(": ", 3))
                    .map(parts -> new Same(parts[0], new TreeSet<>(List.of(parts[1].split(" ", -1)))))
                    .toList();
        }

        boolean says(Same found) {
            return values.equals(found.values)
                    && (path.startsWith("*") ? found.path.endsWith(path.substring(1)) : found.path.equals(path));
        }
    }

    @Test
    void everyValueHasAnEffectOfItsOwnOrItIsSaidWhyNot() throws IOException {
        List<Same> said = Same.read(SAME);
        List<Same> found = found();
        assertThat(found.stream().filter(each -> said.stream().noneMatch(line -> line.says(each))))
                .as("values that mean the same, and no reason")
                .isEmpty();
        assertThat(said.stream().filter(line -> found.stream().noneMatch(line::says)))
                .as("values that are said to mean the same, and do not")
                .isEmpty();
    }

    private static List<Same> found() throws IOException {
        // By field, by value: what proxies are told in each mesh and place, in the order of the meshes.
        Map<String, Map<String, List<Object>>> told = new TreeMap<>();
        for (Meshes.Mesh mesh : Meshes.all()) {
            for (Config<?> object : mesh.objects()) {
                String kind = object.spec().getDescriptorForType().getName();
                for (Choice choice : Choice.of(object.spec())) {
                    Map<String, List<Object>> values =
                            told.computeIfAbsent(kind + "." + choice.path(), path -> new TreeMap<>());
                    // Values that are told apart already stay so, whatever else is seen of them.
                    Set<String> open =
                            same(values).stream().flatMap(Set::stream).collect(Collectors.toSet());
                    boolean first = values.isEmpty();
                    for (EnumValueDescriptor value : choice.values()) {
                        if (!first && !open.contains(value.getName())) {
                            continue;
                        }
                        values.computeIfAbsent(value.getName(), name -> new ArrayList<>())
                                .add(told(mesh, object, choice, value));
                    }
                }
            }
        }
        return told.entrySet().stream()
                .flatMap(field -> same(field.getValue()).stream().map(values -> new Same(field.getKey(), values)))
                .toList();
    }

    private static Object told(Meshes.Mesh mesh, Config<?> object, Choice choice, EnumValueDescriptor value) {
        try {
            return mesh.told(Meshes.with(object, choice.with().apply(value)));
        } catch (RuntimeException refused) {
            // What validation would have refused is no value that anybody can have.
            return value;
        }
    }

    private static List<Set<String>> same(Map<String, List<Object>> told) {
        Map<List<Object>, Set<String>> names = new HashMap<>();
        told.forEach((name, all) ->
                names.computeIfAbsent(all, key -> new TreeSet<>()).add(name));
        return names.values().stream().filter(each -> each.size() > 1).collect(Collectors.toList());
    }
}
