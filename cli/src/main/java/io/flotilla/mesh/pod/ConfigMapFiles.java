package io.flotilla.mesh.pod;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.yaml.PlainYaml;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Keeps a volume's files as a user's ConfigMap has them. A ConfigMap that is not there, or not any more, leaves the
 * files as they are.
 *
 * @param objects   of the mesh
 * @param namespace of the pod
 */
record ConfigMapFiles(ConfigFolder objects, String namespace) {
    /** Writes what differs. */
    void write(Path volume, LocalVolume.ConfigFiles wanted) throws IOException {
        for (Map.Entry<String, String> file : read(wanted).entrySet()) {
            Path path = volume.resolve(file.getKey()).normalize();
            if (path.startsWith(volume)
                    && !(Files.exists(path) && Files.readString(path).equals(file.getValue()))) {
                Files.createDirectories(path.getParent());
                StateFolder.write(path, file.getValue());
            }
        }
    }

    private Map<String, String> read(LocalVolume.ConfigFiles wanted) throws IOException {
        Map<String, String> files = new TreeMap<>();
        Path manifest = objects.file(ObjectKey.of(Kind.CONFIG_MAP, namespace, wanted.configMap()));
        try {
            if (Files.exists(manifest)
                    && PlainYaml.read(Files.readString(manifest)) instanceof Map<?, ?> map
                    && map.get("data") instanceof Map<?, ?> data) {
                data.forEach((key, value) -> {
                    String name = wanted.names().isEmpty()
                            ? String.valueOf(key)
                            : wanted.names().getOrDefault(String.valueOf(key), "");
                    if (!name.isEmpty()) {
                        files.put(name, String.valueOf(value));
                    }
                });
            }
        } catch (NoSuchFileException | YamlEngineException e) {
            // It was taken away, or a user wrote by hand what Galley refuses too.
            return Map.of();
        }
        return files;
    }
}
