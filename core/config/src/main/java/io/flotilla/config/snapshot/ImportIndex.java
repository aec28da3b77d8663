package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What workloads import, made once for each Sidecar and namespace. Of several Sidecars that one that selects the workload
 * holds, then that of its namespace, then that of the root namespace; the oldest of each.
 */
final class ImportIndex {
    private static final Comparator<Config<Sidecar>> OLDEST =
            Comparator.comparing((Config<Sidecar> config) -> config.created()).thenComparing(Config::name);

    private record Key(Optional<ObjectKey> sidecar, String namespace) {}

    private final ServiceIndex services;
    private final RouteIndex routes;
    private final MeshSettings settings;
    private final Map<String, List<Config<Sidecar>>> byNamespace = new HashMap<>();
    private final Map<Key, Imports> made = new ConcurrentHashMap<>();

    ImportIndex(ObjectTable objects, ServiceIndex services, RouteIndex routes, MeshSettings settings) {
        this.services = services;
        this.routes = routes;
        this.settings = settings;
        for (Config<Sidecar> sidecar : objects.all(Kind.SIDECAR, Sidecar.class)) {
            byNamespace
                    .computeIfAbsent(sidecar.namespace(), namespace -> new ArrayList<>())
                    .add(sidecar);
        }
        byNamespace.values().forEach(each -> each.sort(OLDEST));
    }

    Imports of(String namespace, Map<String, String> labels, boolean sidecars) {
        Optional<Config<Sidecar>> sidecar = sidecars ? sidecar(namespace, labels) : Optional.empty();
        return made.computeIfAbsent(
                new Key(sidecar.map(Config::key), namespace),
                key -> sidecar.<Imports>map(
                                found -> new SidecarSelection(services, routes, settings, namespace).of(found))
                        .orElseGet(() -> new WholeNamespace(namespace, services, routes)));
    }

    private Optional<Config<Sidecar>> sidecar(String namespace, Map<String, String> labels) {
        if (byNamespace.isEmpty()) {
            return Optional.empty();
        }
        List<Config<Sidecar>> own = byNamespace.getOrDefault(namespace, List.of());
        return own.stream()
                .filter(each -> selects(each)
                        && labels.entrySet().containsAll(selector(each).entrySet()))
                .findFirst()
                .or(() -> own.stream().filter(each -> !selects(each)).findFirst())
                .or(() -> byNamespace.getOrDefault(settings.rootNamespace(), List.of()).stream()
                        .filter(each -> !selects(each))
                        .findFirst());
    }

    private static boolean selects(Config<Sidecar> sidecar) {
        return !selector(sidecar).isEmpty();
    }

    private static Map<String, String> selector(Config<Sidecar> sidecar) {
        return sidecar.spec().getWorkloadSelector().getLabelsMap();
    }
}
