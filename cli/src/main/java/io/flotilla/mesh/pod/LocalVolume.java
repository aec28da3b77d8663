package io.flotilla.mesh.pod;

import io.flotilla.config.platform.Manifest;
import java.time.Duration;
import java.util.Map;

/** Where a volume's files come from. */
public sealed interface LocalVolume {
    /** A folder of the pod's own. */
    record Empty() implements LocalVolume {}

    /** A service account token, renewed in time. */
    record Token(String path, String audience, Duration lifetime) implements LocalVolume {}

    /** A ConfigMap's entries as files; {@code names} maps keys to files, empty for all under their own names. */
    record ConfigFiles(String configMap, Map<String, String> names) implements LocalVolume {
        public ConfigFiles {
            names = Map.copyOf(names);
        }
    }

    /** Of a kind that one machine has not; an empty folder stands for it. */
    record Unsupported(String name) implements LocalVolume {}

    static LocalVolume read(Manifest volume) {
        if (volume.value("emptyDir").isPresent()) {
            return new Empty();
        }
        if (volume.value("configMap").isPresent()) {
            Map<String, String> names = new java.util.TreeMap<>();
            volume.list("configMap", "items").forEach(item -> names.put(item.text("key"), item.text("path")));
            return new ConfigFiles(volume.text("configMap", "name"), names);
        }
        return volume.list("projected", "sources").stream()
                .map(source -> source.part("serviceAccountToken"))
                .filter(token -> !token.text("path").isEmpty())
                .<LocalVolume>map(token -> new Token(
                        token.text("path"),
                        token.text("audience"),
                        Duration.ofSeconds(token.number("expirationSeconds").orElse(3600))))
                .findFirst()
                .orElseGet(() -> new Unsupported(volume.text("name")));
    }
}
