package io.flotilla.config.store;

import com.google.protobuf.Struct;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.Ownership;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshDefaults;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A folder of manifests as a mesh, in one step: what the offline commands and tests look at.
 *
 * @param snapshot    the mesh, with the pods that controllers would make
 * @param objects     all valid objects as they were written
 * @param expanded    the same, with pods and addresses
 * @param diagnostics everything that was found
 */
public record MeshFolder(
        MeshSnapshot snapshot, List<Config<?>> objects, List<Config<?>> expanded, List<Diagnostic> diagnostics) {
    public MeshFolder {
        objects = List.copyOf(objects);
        expanded = List.copyOf(expanded);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * How a folder is read.
     *
     * @param read      of objects
     * @param settings  where no ConfigMap "istio" says otherwise
     * @param addresses of pods and services without any
     * @param admission what is done to pods that controllers make
     */
    public record Options(
            ReadOptions read, MeshSettings settings, AddressPlan addresses, UnaryOperator<Config<Struct>> admission) {
        /** Current semantics, every pod with a sidecar. */
        public static Options defaults() {
            return new Options(
                    ReadOptions.DEFAULT, MeshSettings.defaults(), AddressPlan.DEFAULT, LocalPlatform::withSidecar);
        }
    }

    /** Reads files, name to text, with defaults. */
    public static MeshFolder read(Map<String, String> files) {
        return read(files, Options.defaults());
    }

    /** Reads files, name to text; where their MeshConfig asks for the rules of 1.1, by these. */
    public static MeshFolder read(Map<String, String> files, Options options) {
        Map<String, Optional<String>> texts = new TreeMap<>();
        files.forEach((file, text) -> texts.put(file, Optional.of(text)));
        ConfigStore.Change read = ConfigStore.empty(options.read()).apply(texts);
        Ownership.Step owned = owned(read, options);
        Told mesh = mesh(owned, options);
        MeshSettings settings =
                MeshDefaults.apply(options.settings(), mesh.change().objects().meshConfig());
        if (settings.classic() != options.read().classic()) {
            read = ConfigStore.empty(new ReadOptions(options.read().defaultNamespace(), settings.classic()))
                    .apply(texts);
            owned = owned(read, options);
            mesh = mesh(owned, options);
        }
        List<Diagnostic> diagnostics = new ArrayList<>(owned.change().diagnostics());
        diagnostics.addAll(mesh.change().problems());
        diagnostics.addAll(mesh.derived().problems());
        List<Config<?>> objects = owned.change().changed();
        return new MeshFolder(
                SnapshotBuilder.build(
                        options.settings(), mesh.change().objects().published()),
                objects,
                expand(objects, options),
                diagnostics);
    }

    private static List<Config<?>> expand(List<Config<?>> objects, Options options) {
        return new LocalPlatform(options.addresses()).expand(objects, options.admission());
    }

    /** What the mesh is told, and what was derived for it. */
    private record Told(MeshObjects.Change change, DerivedObjects derived) {}

    /** Claims of namespaces hold where the folder's MeshConfig asks for it. */
    private static Ownership.Step owned(ConfigStore.Change read, Options options) {
        MeshSettings settings = options.settings();
        return Ownership.of(new OwnershipOptions(
                        OwnershipOptions.Mode.OFF, settings.rootNamespace(), settings.domainSuffix(), List.of()))
                .apply(ConfigStore.empty(options.read()), read);
    }

    private static Told mesh(Ownership.Step owned, Options options) {
        MeshSettings settings = options.settings();
        List<Config<?>> expanded = expand(owned.change().changed(), options);
        Map<ObjectKey, Config<?>> byKey = new HashMap<>();
        expanded.forEach(config -> byKey.put(config.key(), config));
        DerivedObjects.Step step = DerivedObjects.empty(
                        DeriveOptions.of(settings.domainSuffix(), settings.rootNamespace()))
                .apply(
                        expanded,
                        List.of(),
                        key -> Optional.ofNullable(byKey.get(key)),
                        owned.ownership().owners());
        return new Told(
                MeshObjects.empty(new RegistryOptions("", "", settings.domainSuffix()), settings.rootNamespace())
                        .apply(step.changed(), step.removed()),
                step.state());
    }

    /** Some object was kept out. */
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }
}
