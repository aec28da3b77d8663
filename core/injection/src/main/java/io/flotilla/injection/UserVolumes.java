package io.flotilla.injection;

import io.flotilla.config.yaml.PlainYaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Volumes that a pod wants in its sidecar (annotations userVolume and userVolumeMount: JSON objects by volume name).
 *
 * @param volumes  as in a pod's spec
 * @param mounts   as in a container
 * @param problems what cannot be read
 */
record UserVolumes(List<Map<String, Object>> volumes, List<Map<String, Object>> mounts, List<String> problems) {
    static UserVolumes of(Map<String, String> annotations) {
        List<String> problems = new ArrayList<>();
        return new UserVolumes(
                named(annotations, Annotations.USER_VOLUME, problems::add),
                named(annotations, Annotations.USER_VOLUME_MOUNT, problems::add),
                problems);
    }

    private static List<Map<String, Object>> named(
            Map<String, String> annotations, String annotation, Consumer<String> problem) {
        String json = annotations.getOrDefault(annotation, "");
        try {
            Map<String, Object> byName = Tree.asObject(PlainYaml.read(json), annotation);
            List<Map<String, Object>> entries = new ArrayList<>();
            byName.forEach((name, value) -> {
                Map<String, Object> entry = new LinkedHashMap<>(Tree.of("name", name));
                entry.putAll(Tree.asObject(value, annotation + "." + name));
                entries.add(entry);
            });
            return entries;
        } catch (YamlEngineException | Tree.MalformedManifest e) {
            problem.accept("annotation " + annotation + ": must be a JSON object of objects by volume name");
            return List.of();
        }
    }
}
