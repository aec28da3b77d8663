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
    private final List<MeshService> services;
    private final Map<String, List<ServiceDefinition>> byHost;
    private final Map<String, List<ServiceDefinition>> byNamespace;
    private final IdentityHashMap<MeshService, ServiceDefinition> byService;
    private final Map<String, List<MeshService>> visible;
    // Definitions that took the place of others, with the very same services.
    private final Map<ObjectKey, List<ServiceDefinition>> replaced;
    private final IdentityHashMap<MeshService, ServiceDefinition> replacedByService = new IdentityHashMap<>();

    ServiceIndex(Map<ObjectKey, List<ServiceDefinition>> byKey) {
        this.byKey = Map.copyOf(byKey);
        List<ServiceDefinition> definitions =
                byKey.values().stream().flatMap(List::stream).sorted(ORDER).toList();
        services = definitions.stream().map(ServiceDefinition::service).toList();
        byHost = new HashMap<>();
        byNamespace = new HashMap<>();
        byService = new IdentityHashMap<>();
        visible = new ConcurrentHashMap<>();
        replaced = Map.of();
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

    private ServiceIndex(ServiceIndex base, Map<ObjectKey, List<ServiceDefinition>> replaced) {
        byKey = base.byKey;
        services = base.services;
        byHost = base.byHost;
        byNamespace = base.byNamespace;
        byService = base.byService;
        visible = base.visible;
        this.replaced = replaced;
        replaced.values().forEach(all -> all.forEach(each -> replacedByService.put(each.service(), each)));
    }

    /**
     * The index with other definitions of the very same services ({@link #sameServices}); empty where so much was
     * replaced that a new index is due.
     */
    Optional<ServiceIndex> with(Map<ObjectKey, List<ServiceDefinition>> others) {
        if (replaced.size() + others.size() > EndpointIndex.APART) {
            return Optional.empty();
        }
        Map<ObjectKey, List<ServiceDefinition>> all = new HashMap<>(replaced);
        all.putAll(others);
        return Optional.of(new ServiceIndex(this, all));
    }

    /** Whether definitions are of the very same services, in the same order among others. */
    @SuppressWarnings("ReferenceEquality") // the very same is what is asked
    static boolean sameServices(List<ServiceDefinition> before, List<ServiceDefinition> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            ServiceDefinition one = before.get(i);
            ServiceDefinition other = after.get(i);
            // By age the older of two with the same host comes first.
            if (one.service() != other.service() || !one.created().equals(other.created())) {
                return false;
            }
        }
        return true;
    }

    /** The definitions of other objects, for an index that replaces some. */
    Map<ObjectKey, List<ServiceDefinition>> definitionsByKey() {
        Map<ObjectKey, List<ServiceDefinition>> all = new HashMap<>(byKey);
        all.putAll(replaced);
        return all;
    }

    Collection<MeshService> services() {
        return services;
    }

    List<ServiceDefinition> inNamespace(String namespace) {
        List<ServiceDefinition> all = byNamespace.getOrDefault(namespace, List.of());
        return replaced.isEmpty() ? all : all.stream().map(this::current).toList();
    }

    List<ServiceDefinition> of(ObjectKey key) {
        List<ServiceDefinition> other = replaced.get(key);
        return other == null ? byKey.getOrDefault(key, List.of()) : other;
    }

    private ServiceDefinition current(ServiceDefinition definition) {
        ServiceDefinition other = replacedByService.get(definition.service());
        return other == null ? definition : other;
    }

    /** By identity first; a service of another snapshot is found by its names. */
    @Nullable
    ServiceDefinition definition(MeshService service) {
        ServiceDefinition other = replacedByService.get(service);
        ServiceDefinition known = other == null ? byService.get(service) : other;
        if (known != null) {
            return known;
        }
        return byHost.getOrDefault(service.hostname(), List.of()).stream()
                .filter(each -> each.service().namespace().equals(service.namespace()))
                .findFirst()
                .map(this::current)
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

    List<MeshService> named(String hostname) {
        return byHost.getOrDefault(hostname, List.of()).stream()
                .map(ServiceDefinition::service)
                .toList();
    }

    List<MeshService> visible(String namespace) {
        return visible.computeIfAbsent(namespace, this::visibleIn);
    }

    private List<MeshService> visibleIn(String namespace) {
        List<MeshService> seen = new ArrayList<>();
        String last = "";
        for (MeshService service : services) {
            String host = service.hostname();
            if (!host.equals(last)) {
                service(host, namespace).ifPresent(seen::add);
                last = host;
            }
        }
        return List.copyOf(seen);
    }
}
