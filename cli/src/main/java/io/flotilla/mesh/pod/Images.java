package io.flotilla.mesh.pod;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which local command stands in for a container image. The first entry that matches counts.
 *
 * @param entries in order
 */
public record Images(List<Entry> entries) {
    public static final Images NONE = new Images(List.of());

    public Images {
        entries = List.copyOf(entries);
    }

    /**
     * One line of the table.
     *
     * @param image       a pattern for the whole image name; "*" stands for any characters
     * @param command     takes the place of the image's entry point and of the container's command
     * @param environment what the image brings
     */
    public record Entry(String image, List<String> command, Map<String, String> environment) {
        public Entry {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        boolean matches(String name) {
            String pattern =
                    Stream.of(image.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return name.matches(pattern);
        }
    }

    /** Reads what a YAML loader made of an images.yaml. */
    public static Images read(Map<?, ?> tree) {
        List<Entry> entries = new ArrayList<>();
        if (tree.get("images") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map
                        && map.get("image") != null
                        && map.get("command") instanceof List<?> words) {
                    Map<String, String> environment = new LinkedHashMap<>();
                    if (map.get("env") instanceof Map<?, ?> env) {
                        env.forEach((key, value) -> environment.put(String.valueOf(key), String.valueOf(value)));
                    }
                    List<String> command = words.stream().map(String::valueOf).toList();
                    entries.add(new Entry(String.valueOf(map.get("image")), command, environment));
                }
            }
        }
        return new Images(entries);
    }

    /** This table, then the other one. */
    public Images or(Images other) {
        return new Images(
                Stream.concat(entries.stream(), other.entries.stream()).toList());
    }

    /** The command of an image, with ${JAVA} and ${FLOTILLA_HOME} put in. */
    public Optional<Entry> find(String image, Map<String, String> variables) {
        return entries.stream()
                .filter(entry -> entry.matches(image))
                .findFirst()
                .map(entry -> new Entry(
                        entry.image(),
                        entry.command().stream()
                                .map(word -> expand(word, variables))
                                .toList(),
                        entry.environment()));
    }

    private static String expand(String word, Map<String, String> variables) {
        String expanded = word;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            expanded = expanded.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return expanded;
    }
}
