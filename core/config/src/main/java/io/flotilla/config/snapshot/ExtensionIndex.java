package io.flotilla.config.snapshot;

import com.google.protobuf.Message;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is put into proxies beside traffic rules: patches, telemetry, plugins, with the parts of MeshConfig that they
 * refer to. Objects of one namespace come oldest first, then by name.
 */
public final class ExtensionIndex {
    /** The kinds that this holds. */
    static final Set<Kind> KINDS = Set.of(Kind.ENVOY_FILTER, Kind.TELEMETRY, Kind.WASM_PLUGIN);

    private static final Comparator<Config<?>> OLDEST =
            Comparator.<Config<?>, java.time.Instant>comparing(Config::created).thenComparing(Config::name);

    private final String root;
    private final MeshConfig mesh;
    private final Map<String, List<Config<EnvoyFilter>>> filters;
    private final Map<String, List<Config<Telemetry>>> telemetry;
    private final Map<String, List<Config<WasmPlugin>>> plugins;

    ExtensionIndex(ObjectTable objects, MeshSettings settings, MeshConfig mesh) {
        root = settings.rootNamespace();
        this.mesh = mesh;
        filters = byNamespace(objects, Kind.ENVOY_FILTER, EnvoyFilter.class);
        // A lower priority comes first, whatever the age.
        filters.values()
                .forEach(each -> each.sort(Comparator.<Config<EnvoyFilter>>comparingInt(
                                config -> config.spec().getPriority())
                        .thenComparing(OLDEST)));
        telemetry = byNamespace(objects, Kind.TELEMETRY, Telemetry.class);
        plugins = byNamespace(objects, Kind.WASM_PLUGIN, WasmPlugin.class);
    }

    private static <T extends Message> Map<String, List<Config<T>>> byNamespace(
            ObjectTable objects, Kind kind, Class<T> type) {
        Map<String, List<Config<T>>> byNamespace = new HashMap<>();
        for (Config<T> config : objects.all(kind, type)) {
            byNamespace
                    .computeIfAbsent(config.namespace(), namespace -> new ArrayList<>())
                    .add(config);
        }
        byNamespace.values().forEach(each -> each.sort(OLDEST));
        return byNamespace;
    }

    /** EnvoyFilters that may concern a namespace: the root namespace's, then its own; by priority, age and name. */
    public List<Config<EnvoyFilter>> envoyFilters(String namespace) {
        return rootFirst(filters, namespace);
    }

    /** Telemetry that may concern a namespace: the root namespace's, then its own. */
    public List<Config<Telemetry>> telemetry(String namespace) {
        return rootFirst(telemetry, namespace);
    }

    /** WasmPlugins that may concern a namespace: the root namespace's, then its own. */
    public List<Config<WasmPlugin>> wasmPlugins(String namespace) {
        return rootFirst(plugins, namespace);
    }

    /** Providers and defaults of telemetry are taken from it. */
    public MeshConfig mesh() {
        return mesh;
    }

    private <T extends Message> List<Config<T>> rootFirst(Map<String, List<Config<T>>> all, String namespace) {
        List<Config<T>> own = all.getOrDefault(namespace, List.of());
        if (namespace.equals(root)) {
            return List.copyOf(own);
        }
        return Stream.concat(all.getOrDefault(root, List.of()).stream(), own.stream())
                .toList();
    }
}
