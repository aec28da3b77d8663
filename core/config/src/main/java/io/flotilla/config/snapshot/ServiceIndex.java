package io.flotilla.config.snapshot;

import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Services by host name and by who sees them. */
final class ServiceIndex {
    private static final Comparator<ServiceDefinition> ORDER = Comparator.comparing(
                    (ServiceDefinition definition) -> definition.service().hostname())
            .thenComparing(definition -> definition.service().namespace())
            // The platform's own service comes before a ServiceEntry of the same host, the older before the newer.
            .thenComparing(definition -> definition instanceof ServiceDefinition.Declared)
            .thenComparing(ServiceDefinition::created)
            .thenComparing(ServiceDefinition::key);

    private final Map<ObjectKey, List<ServiceDefinition>> byKey;
    private final List<ServiceDefinition> definitions;
    private final List<MeshService> services;
    private final Map<String, List<ServiceDefinition>> byHost = new HashMap<>();
    private final Map<String, List<ServiceDefinition>> byNamespace = new HashMap<>();
    private final IdentityHashMap<MeshService, ServiceDefinition> byService = new IdentityHashMap<>();
    private final Map<String, List<MeshService>> visible = new ConcurrentHashMap<>();

    ServiceIndex(Map<ObjectKey, List<ServiceDefinition>> byKey) {
        this.byKey = Map.copyOf(byKey);
        this.definitions =
                byKey.values().stream().flatMap(List::stream).sorted(ORDER).toList();
        this.services = definitions.stream().map(ServiceDefinition::service).toList();
        for (ServiceDefinition definition : definitions) {
            MeshService service = definition.service();
            byService.put(service, definition);
            byHost.computeIfAbsent(service.hostname(), host -> new ArrayList<>())
                    .add(definition);
            byNamespace
                    .computeIfAbsent(service.namespace(), namespace -> new ArrayList<>())
                    .add(definition);
        }
    }

    /** The definitions of other objects, for an index that replaces some. */
    Map<ObjectKey, List<ServiceDefinition>> definitionsByKey() {
        return byKey;
    }

    Collection<MeshService> services() {
        return services;
    }

    List<ServiceDefinition> inNamespace(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    List<ServiceDefinition> of(ObjectKey key) {
        return byKey.getOrDefault(key, List.of());
    }

    /** By identity first; a service of another snapshot is found by its names. */
    @Nullable
    ServiceDefinition definition(MeshService service) {
        ServiceDefinition known = byService.get(service);
        if (known != null) {
            return known;
        }
        return byHost.getOrDefault(service.hostname(), List.of()).stream()
                .filter(each -> each.service().namespace().equals(service.namespace()))
                .findFirst()
                .orElse(null);
    }

    Optional<MeshService> service(String hostname, String namespace) {
        MeshService found = null;
        for (ServiceDefinition definition : byHost.getOrDefault(hostname, List.of())) {
            MeshService service = definition.service();
            if (ExportTo.sees(service.exportTo(), namespace)) {
                if (service.namespace().equals(namespace)) {
                    return Optional.of(service);
                }
                found = found == null ? service : found;
            }
        }
        return Optional.ofNullable(found);
    }

    List<MeshService> visible(String namespace) {
        return visible.computeIfAbsent(namespace, this::visibleIn);
    }

    private List<MeshService> visibleIn(String namespace) {
        List<MeshService> seen = new ArrayList<>();
        String last = "";
        for (ServiceDefinition definition : definitions) {
            String host = definition.service().hostname();
            if (!host.equals(last)) {
                service(host, namespace).ifPresent(seen::add);
                last = host;
            }
        }
        return List.copyOf(seen);
    }
}
