package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Message;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.ProxyConfig;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.platform.MeshConfigMap;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mesh's objects say of how proxies start: MeshConfig's defaultConfig, ProxyConfig objects, and EnvoyFilters that
 * patch bootstraps.
 *
 * @param mesh          MeshConfig
 * @param rootNamespace whose objects hold for the mesh
 * @param objects       ProxyConfigs, oldest first, then by name
 * @param filters       EnvoyFilters that patch bootstraps, by priority, then age, then name
 */
public record MeshProxies(
        MeshConfig mesh,
        String rootNamespace,
        List<Config<io.flotilla.api.networking.v1beta1.ProxyConfig>> objects,
        List<Config<EnvoyFilter>> filters) {
    /** Type URLs of what Galley publishes of it. */
    public static final Set<String> TYPES = Stream.of(Kind.MESH_CONFIG, Kind.PROXY_CONFIG, Kind.ENVOY_FILTER)
            .flatMap(kind -> Collections.of(kind).stream())
            .map(Collections.Collection::typeUrl)
            .collect(Collectors.toUnmodifiableSet());

    /** Nothing is said. */
    public static final MeshProxies NONE =
            new MeshProxies(MeshConfig.getDefaultInstance(), "istio-system", List.of(), List.of());

    private static final Comparator<Config<?>> OLDEST = Comparator.<Config<?>, Instant>comparing(Config::created)
            .thenComparing(Config::name)
            .thenComparing(Config::namespace);

    public MeshProxies {
        objects = List.copyOf(objects);
        filters = List.copyOf(filters);
    }

    /**
     * Picked from all objects of a mesh; others are passed over.
     *
     * @param rootNamespace where MeshConfig names none
     */
    public static MeshProxies of(
            MeshConfig mesh, String rootNamespace, Collection<? extends Config<? extends Message>> all) {
        return new MeshProxies(
                mesh,
                mesh.getRootNamespace().isEmpty() ? rootNamespace : mesh.getRootNamespace(),
                of(all, Kind.PROXY_CONFIG, io.flotilla.api.networking.v1beta1.ProxyConfig.class)
                        .sorted(OLDEST)
                        .toList(),
                of(all, Kind.ENVOY_FILTER, EnvoyFilter.class)
                        .filter(filter -> filter.spec().getConfigPatchesList().stream()
                                .anyMatch(patch -> patch.getApplyTo() == ApplyTo.BOOTSTRAP))
                        .sorted(Comparator.<Config<EnvoyFilter>>comparingInt(
                                        filter -> filter.spec().getPriority())
                                .thenComparing(OLDEST))
                        .toList());
    }

    /**
     * Picked from manifests: MeshConfig is what the mesh's ConfigMap holds, where it is among them.
     *
     * @param before MeshConfig that holds where that ConfigMap cannot be read
     */
    public static MeshProxies ofManifests(
            Collection<? extends Config<?>> manifests, String rootNamespace, MeshConfig before) {
        Map<ObjectKey, Config<?>> maps = new HashMap<>();
        for (Config<?> manifest : manifests) {
            if (MeshConfigMap.isOne(manifest.key(), rootNamespace)) {
                maps.put(manifest.key(), manifest);
            }
        }
        MeshConfig mesh = MeshConfigMap.inForce(key -> Optional.ofNullable(maps.get(key)), rootNamespace, before);
        return of(mesh, rootNamespace, manifests);
    }

    /**
     * Picked from what Galley publishes ({@link #TYPES}).
     *
     * @param otherwise MeshConfig where Galley has none
     */
    public static MeshProxies ofPublished(
            Collection<? extends Config<?>> published, String rootNamespace, MeshConfig otherwise) {
        MeshConfig mesh = of(published, Kind.MESH_CONFIG, MeshConfig.class)
                .map(Config::spec)
                .findFirst()
                .orElse(otherwise);
        return of(mesh, rootNamespace, published);
    }

    /** With another MeshConfig. */
    public MeshProxies with(MeshConfig other) {
        return new MeshProxies(
                other, other.getRootNamespace().isEmpty() ? rootNamespace : other.getRootNamespace(), objects, filters);
    }

    @SuppressWarnings("unchecked") // the class of the spec is looked at
    private static <T extends Message> Stream<Config<T>> of(
            Collection<? extends Config<? extends Message>> all, Kind kind, Class<T> type) {
        return all.stream()
                .filter(config -> config.key().kind().equals(kind) && type.isInstance(config.spec()))
                .map(config -> (Config<T>) config);
    }

    /**
     * The ProxyConfig of a workload: the mesh's defaultConfig, over it the root namespace's object without a selector,
     * over it that of the workload's namespace, over it what the pod itself says, and over all the object that selects
     * the workload. Of several such objects the oldest holds (networking.istio.io ProxyConfig).
     *
     * @param own what the pod's annotation proxy.istio.io/config says
     */
    public ProxyConfig of(String namespace, Map<String, String> labels, ProxyConfig own) {
        ProxyConfig merged = mesh.getDefaultConfig();
        merged = over(merged, everyone(rootNamespace));
        if (!namespace.equals(rootNamespace)) {
            merged = over(merged, everyone(namespace));
        }
        merged = ProxyConfigs.over(merged, own);
        return over(
                merged,
                objects.stream()
                        .filter(object -> object.namespace().equals(namespace))
                        .filter(object -> !selector(object).isEmpty()
                                && labels.entrySet()
                                        .containsAll(selector(object).entrySet()))
                        .findFirst());
    }

    private Optional<Config<io.flotilla.api.networking.v1beta1.ProxyConfig>> everyone(String namespace) {
        return objects.stream()
                .filter(object ->
                        object.namespace().equals(namespace) && selector(object).isEmpty())
                .findFirst();
    }

    private static Map<String, String> selector(Config<io.flotilla.api.networking.v1beta1.ProxyConfig> object) {
        return object.spec().getSelector().getMatchLabelsMap();
    }

    private static ProxyConfig over(
            ProxyConfig base, Optional<Config<io.flotilla.api.networking.v1beta1.ProxyConfig>> object) {
        return object.map(found -> ProxyConfigs.over(base, ProxyConfigs.of(found)))
                .orElse(base);
    }

    /** EnvoyFilters that may patch bootstraps of a namespace: the root namespace's, then its own. */
    public List<Config<EnvoyFilter>> filters(String namespace) {
        Stream<Config<EnvoyFilter>> root = namespace.equals(rootNamespace) ? Stream.of() : in(rootNamespace);
        return Stream.concat(root, in(namespace)).toList();
    }

    private Stream<Config<EnvoyFilter>> in(String namespace) {
        return filters.stream().filter(filter -> filter.namespace().equals(namespace));
    }
}
