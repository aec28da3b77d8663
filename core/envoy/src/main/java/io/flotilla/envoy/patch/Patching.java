package io.flotilla.envoy.patch;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.gateway.EdgeNames;
import io.flotilla.envoy.telemetry.Observations;
import io.flotilla.envoy.wasm.PluginConfigs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What translation made, changed by the patches that concern a proxy. Views with equal patches share what comes of them,
 * and a resource that no patch changes stays the same object.
 */
@SuppressWarnings("ReferenceEquality") // the same object means: nothing was changed
public final class Patching {
    // No patch applies to endpoints, and whoever has only these made again knows that no rule has changed.
    private static final Set<ResourceType> UNPATCHED = Set.of(ResourceType.ENDPOINT);

    private Patching() {}

    /** Resources after all patches, and whose patches changed which of them. */
    private record Patched<T>(List<T> resources, Map<String, Set<PatchSource>> touched) {}

    private record One<T>(Optional<T> resource, Set<PatchSource> by) {}

    private record Whole(ResourceType type, List<? extends Message> resources, PatchSet set, Surroundings where) {}

    private record Single(Message resource, PatchSet set, int from, Surroundings where) {}

    /** The resources of these types are patched; the others and their notes stay. */
    public static EnvoyResources apply(Scope scope, EnvoyResources made, Set<ResourceType> types) {
        if (types.equals(UNPATCHED)) {
            return made;
        }
        PatchSet set = PatchesOf.of(scope);
        PatchNotes notes = made.notes()
                .with(Stream.of(set.problems(), Observations.problems(scope), PluginConfigs.problems(scope))
                        .flatMap(List::stream)
                        .toList());
        if (set.isEmpty()) {
            for (ResourceType type : types) {
                notes = notes.with(type, Map.of());
            }
            return made.with(notes);
        }
        Surroundings where = surroundings(scope, PortNames.of(scope, set));
        EnvoyResources result = made.with(notes);
        for (ResourceType type : types) {
            result = switch (type) {
                case LISTENER -> {
                    var patched = listeners(scope, made.listeners(), set, where);
                    yield result.withListeners(patched.resources())
                            .with(result.notes().with(type, patched.touched()));
                }
                case ROUTE -> {
                    var patched = routes(scope, made.routes(), set, where);
                    yield result.withRoutes(patched.resources())
                            .with(result.notes().with(type, patched.touched()));
                }
                case CLUSTER -> {
                    var patched = clusters(scope, made.clusters(), set, where);
                    yield result.withClusters(patched.resources())
                            .with(result.notes().with(type, patched.touched()));
                }
                case EXTENSION -> {
                    var patched = extensions(made.extensions(), set);
                    yield result.withExtensions(patched.resources())
                            .with(result.notes().with(type, patched.touched()));
                }
                case ENDPOINT -> result;
            };
        }
        return result;
    }

    private static Patched<Listener> listeners(Scope scope, List<Listener> made, PatchSet set, Surroundings where) {
        ListenerPatching patching = new ListenerPatching(where);
        return scope.caches()
                .round()
                .get(
                        new Whole(ResourceType.LISTENER, made, set, where),
                        key -> all(scope, made, key, patching::apply, ApplyTo.LISTENER, Listener::getName));
    }

    private static Patched<Cluster> clusters(Scope scope, List<Cluster> made, PatchSet set, Surroundings where) {
        ClusterPatching patching = new ClusterPatching(where);
        return scope.caches()
                .round()
                .get(
                        new Whole(ResourceType.CLUSTER, made, set, where),
                        key -> all(scope, made, key, patching::apply, ApplyTo.CLUSTER, Cluster::getName));
    }

    private static Patched<RouteConfiguration> routes(
            Scope scope, List<RouteConfiguration> made, PatchSet set, Surroundings where) {
        RoutePatching patching = new RoutePatching(where, where.context(false));
        return scope.caches()
                .round()
                .get(
                        new Whole(ResourceType.ROUTE, made, set, where),
                        key -> all(
                                scope,
                                made,
                                key,
                                (routes, patch) -> Optional.of(patching.apply(routes, patch)),
                                ApplyTo.ROUTE_CONFIGURATION,
                                RouteConfiguration::getName));
    }

    private static Patched<TypedExtensionConfig> extensions(List<TypedExtensionConfig> made, PatchSet set) {
        List<TypedExtensionConfig> resources = new ArrayList<>(made);
        Map<String, Set<PatchSource>> touched = new TreeMap<>();
        for (Patch patch : set.patches()) {
            if (patch.to() == ApplyTo.EXTENSION_CONFIG && patch.operation() == Operation.ADD) {
                TypedExtensionConfig added = (TypedExtensionConfig) patch.value();
                resources.add(added);
                touched.put(added.getName(), Set.of(patch.source()));
            }
        }
        return new Patched<>(resources, touched);
    }

    private static <T extends Message> Patched<T> all(
            Scope scope,
            List<T> made,
            Whole key,
            BiFunction<T, Patch, Optional<T>> step,
            ApplyTo to,
            Function<T, String> name) {
        List<T> resources = new ArrayList<>(made.size());
        Map<String, Set<PatchSource>> touched = new TreeMap<>();
        for (T resource : made) {
            collect(one(scope, resource, 0, key, step), resources, touched, name);
        }
        List<Patch> patches = key.set().patches();
        for (int i = 0; i < patches.size(); i++) {
            Patch patch = patches.get(i);
            if (patch.to() == to && patch.operation() == Operation.ADD) {
                @SuppressWarnings("unchecked") // the reader of patches makes the type by what the patch applies to
                T added = (T) patch.value();
                One<T> one = one(scope, added, i + 1, key, step);
                Set<PatchSource> by = new TreeSet<>(one.by());
                by.add(patch.source());
                collect(new One<>(one.resource(), by), resources, touched, name);
            }
        }
        // Removing leaves no note by name, but fewer resources.
        return touched.isEmpty() && resources.size() == made.size()
                ? new Patched<>(made, touched)
                : new Patched<>(EnvoyResources.sorted(resources, name), touched);
    }

    private static <T> void collect(
            One<T> one, List<T> resources, Map<String, Set<PatchSource>> touched, Function<T, String> name) {
        one.resource().ifPresent(resource -> {
            resources.add(resource);
            if (!one.by().isEmpty()) {
                touched.merge(name.apply(resource), one.by(), (left, right) -> left);
            }
        });
    }

    private static <T extends Message> One<T> one(
            Scope scope, T resource, int from, Whole key, BiFunction<T, Patch, Optional<T>> step) {
        return scope.cache().get(new Single(resource, key.set(), from, key.where()), single -> {
            Optional<T> now = Optional.of(resource);
            Set<PatchSource> by = new TreeSet<>();
            for (Patch patch :
                    single.set().patches().subList(from, single.set().patches().size())) {
                Optional<T> before = now;
                now = before.flatMap(one -> step.apply(one, patch));
                if (now.isPresent() && now.get() != before.orElseThrow()) {
                    by.add(patch.source());
                }
            }
            return new One<>(now, Set.copyOf(by));
        });
    }

    private static Surroundings surroundings(Scope scope, PortNames names) {
        if (scope.view().router()) {
            return new Surroundings(true, Map.of(), EdgeNames.of(scope), names);
        }
        Map<Integer, Set<String>> hosts = new HashMap<>();
        for (MeshSnapshot.InboundPort port : scope.snapshot()
                .inboundPorts(scope.view().namespace(), scope.view().labels())) {
            hosts.computeIfAbsent(port.endpointPort(), number -> new TreeSet<>())
                    .add(port.service().hostname());
        }
        return new Surroundings(false, hosts, Map.of(), names);
    }
}
