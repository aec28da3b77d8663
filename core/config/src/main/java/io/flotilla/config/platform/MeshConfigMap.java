package io.flotilla.config.platform;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshNetworks;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The ConfigMap that holds MeshConfig as YAML under "mesh". */
public final class MeshConfigMap {
    /** The key under which MeshConfig is published. */
    public static final ObjectKey KEY = ObjectKey.of(Kind.MESH_CONFIG, "", "mesh");

    /** Names of ConfigMaps in the root namespace that are it. */
    public static final Set<String> NAMES = Set.of("istio", "flotilla");

    private static final String NETWORKS = "meshNetworks";

    private MeshConfigMap() {}

    /** The object is one that may hold MeshConfig. */
    public static boolean isOne(ObjectKey key, String rootNamespace) {
        return key.kind().equals(Kind.CONFIG_MAP)
                && key.namespace().equals(rootNamespace)
                && NAMES.contains(key.name());
    }

    /**
     * MeshConfig as the ConfigMaps in force say it.
     *
     * @param before what holds where one is broken
     */
    @SuppressWarnings("unchecked") // a ConfigMap is always read as a Struct
    public static MeshConfig inForce(
            Function<ObjectKey, Optional<Config<?>>> objects, String rootNamespace, MeshConfig before) {
        MeshConfig found = MeshConfig.getDefaultInstance();
        for (String name : new TreeSet<>(NAMES)) {
            Optional<Config<?>> map = objects.apply(ObjectKey.of(Kind.CONFIG_MAP, rootNamespace, name));
            if (map.isPresent() && map.get().spec() instanceof Struct) {
                found = read((Config<Struct>) map.get(), new ArrayList<>())
                        .map(Config::spec)
                        .orElse(before);
            }
        }
        return found;
    }

    /**
     * Empty where there is no "mesh", or a broken one: then {@code problems} has an error, and what held before holds.
     * Networks may stand beside it, under "meshNetworks".
     */
    public static Optional<Config<MeshConfig>> read(Config<Struct> configMap, List<Diagnostic> problems) {
        Optional<MeshConfig> mesh = part(configMap, "mesh", MeshConfig.getDefaultInstance(), problems);
        boolean beside = !new Manifest(configMap.spec()).text("data", NETWORKS).isEmpty();
        if (mesh.isEmpty() || !beside) {
            return mesh.map(read -> config(configMap, read));
        }
        return part(configMap, NETWORKS, MeshNetworks.getDefaultInstance(), problems)
                .map(networks -> config(
                        configMap,
                        mesh.get().toBuilder().setMeshNetworks(networks).build()));
    }

    /** A problem that {@link #read} found is one of the networks that stand beside MeshConfig. */
    public static boolean ofNetworks(Diagnostic problem) {
        return problem.origin().file().endsWith(suffix(NETWORKS));
    }

    private static String suffix(String key) {
        return " (data." + key + ")";
    }

    private static Config<MeshConfig> config(Config<Struct> configMap, MeshConfig mesh) {
        String version = ContentVersion.of(mesh, Map.of(), Map.of());
        return new Config<>(KEY, mesh, Map.of(), Map.of(), configMap.created(), version, configMap.origin());
    }

    private static <T extends Message> Optional<T> part(
            Config<Struct> configMap, String key, T type, List<Diagnostic> problems) {
        String text = new Manifest(configMap.spec()).text("data", key);
        String file = configMap.origin().file() + suffix(key);
        YamlFile documents = new YamlReader().read(file, text);
        problems.addAll(documents.broken());
        if (documents.documents().isEmpty()) {
            return Optional.empty();
        }
        YamlNode root = documents.documents().getFirst().root();
        Problems found = new Problems(file, configMap.key().toString(), root);
        T read = new MessageReader(found, false).read(type, root, FieldPath.ROOT);
        problems.addAll(documents.documents().getFirst().problems());
        problems.addAll(found.found());
        return found.found().stream().anyMatch(problem -> problem.severity() == Severity.ERROR)
                ? Optional.empty()
                : Optional.of(read);
    }
}
