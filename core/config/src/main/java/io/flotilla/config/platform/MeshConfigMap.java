package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.MessageReader;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ConfigMap that holds MeshConfig as YAML under "mesh". */
public final class MeshConfigMap {
    /** The key under which MeshConfig is published. */
    public static final ObjectKey KEY = ObjectKey.of(Kind.MESH_CONFIG, "", "mesh");

    /** Names of ConfigMaps in the root namespace that are it. */
    public static final Set<String> NAMES = Set.of("istio", "flotilla");

    private MeshConfigMap() {}

    /** Empty where there is no "mesh", or a broken one: then {@code problems} has an error, and what held before holds. */
    public static Optional<Config<MeshConfig>> read(Config<Struct> configMap, List<Diagnostic> problems) {
        String text = new Manifest(configMap.spec()).text("data", "mesh");
        String file = configMap.origin().file() + " (data.mesh)";
        YamlFile documents = new YamlReader().read(file, text);
        problems.addAll(documents.broken());
        if (documents.documents().isEmpty()) {
            return Optional.empty();
        }
        YamlNode root = documents.documents().getFirst().root();
        Problems found = new Problems(file, configMap.key().toString(), root);
        MeshConfig mesh = new MessageReader(found, false).read(MeshConfig.getDefaultInstance(), root, FieldPath.ROOT);
        problems.addAll(documents.documents().getFirst().problems());
        problems.addAll(found.found());
        if (found.found().stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
            return Optional.empty();
        }
        String version = ContentVersion.of(mesh, Map.of(), Map.of());
        return Optional.of(
                new Config<>(KEY, mesh, Map.of(), Map.of(), configMap.created(), version, configMap.origin()));
    }
}
