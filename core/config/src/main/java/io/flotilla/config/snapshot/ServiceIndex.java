package io.flotilla.config.snapshot;

import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.store.SortedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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

    // Each object costs copies of lists of all services: more of them cost more than a new index.
    private static final int FEW = 32;

    private final Map<ObjectKey, List<ServiceDefinition>> byKey;
    private final List<MeshService> services;
    private final Map<String, List<ServiceDefinition>> byHost;
    private final Map<String, List<ServiceDefinition>> byNamespace;
    private final IdentityHashMap<MeshService, ServiceDefinition> byService;
    private final Map<String, List<MeshService>> visible;
    // Definitions that took the place of others, by key; none for those that are gone.
    private final SortedTree<ObjectKey, Replaced> replaced;
    // Hosts and namespaces of which the services themselves are others than those of the base.
    private final Map<String, List<ServiceDefinition>> hostsApart;
    private final Map<String, List<ServiceDefinition>> namespacesApart;

    /** The definitions of an object now, by service, too: one object may declare thousands. */
    private record Replaced(
            List<ServiceDefinition> definitions, IdentityHashMap<MeshService, ServiceDefinition> byService) {
        static Replaced by(List<ServiceDefinition> definitions) {
            IdentityHashMap<MeshService, ServiceDefinition> byService = new IdentityHashMap<>(definitions.size());
            definitions.forEach(each -> byService.put(each.service(), each));
            return new Replaced(definitions, byService);
        }
    }

    ServiceIndex(Map<ObjectKey, List<ServiceDefinition>> byKey) {
        this.byKey = Map.copyOf(byKey);
        List<ServiceDefinition> definitions =
                byKey.values().stream().flatMap(List::stream).sorted(ORDER).toList();
        services = definitions.stream().map(ServiceDefinition::service).toList();
        byHost = new HashMap<>();
        byNamespace = new HashMap<>();
        byService = new IdentityHashMap<>();
        visible = new ConcurrentHashMap<>();
        replaced = SortedTree.empty();
        hostsApart = Map.of();
        namespacesApart = Map.of();
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

    private ServiceIndex(ServiceIndex base, SortedTree<ObjectKey, Replaced> replaced) {
        this(base, replaced, base.services, base.visible, base.hostsApart, base.namespacesApart);
    }

    private ServiceIndex(
            ServiceIndex base,
            SortedTree<ObjectKey, Replaced> replaced,
            List<MeshService> services,
            Map<String, List<MeshService>> visible,
            Map<String, List<ServiceDefinition>> hostsApart,
            Map<String, List<ServiceDefinition>> namespacesApart) {
        byKey = base.byKey;
        this.services = services;
        byHost = base.byHost;
        byNamespace = base.byNamespace;
        byService = base.byService;
        this.visible = visible;
        this.replaced = replaced;
        this.hostsApart = hostsApart;
        this.namespacesApart = namespacesApart;
    }

    /**
     * The index after some objects got other services, or came or went; costs what changes, and copies of references.
     * Empty where so much stands beside the base that a new one is due.
     *
     * @param others by key; none for an object that is gone
     * @param hosts  of the services before and after
     */
    Optional<ServiceIndex> after(Map<ObjectKey, List<ServiceDefinition>> others, Set<String> hosts) {
        if (others.size() > FEW || replaced.size() + others.size() > EndpointIndex.APART) {
            return Optional.empty();
        }
        Map<String, List<ServiceDefinition>> byHostNow = new HashMap<>(hostsApart);
        Map<String, List<ServiceDefinition>> byNamespaceNow = new HashMap<>(namespacesApart);
        Set<String> namespaces = new HashSet<>();
        others.forEach((key, now) -> {
            of(key).forEach(each -> namespaces.add(each.service().namespace()));
            now.forEach(each -> namespaces.add(each.service().namespace()));
        });
        for (String host : hosts) {
            byHostNow.put(
                    host,
                    replaced(
                            atHost(host),
                            others,
                            each -> each.service().hostname().equals(host)));
        }
        for (String namespace : namespaces) {
            byNamespaceNow.put(
                    namespace,
                    replaced(
                            inNamespace(namespace),
                            others,
                            each -> each.service().namespace().equals(namespace)));
        }
        List<MeshService> now = services;
        for (String host : hosts) {
            now = replaced(now, host, services(byHostNow.getOrDefault(host, List.of())));
        }
        Map<String, List<MeshService>> seen = new ConcurrentHashMap<>();
        ServiceIndex after = new ServiceIndex(this, replacedAlso(others), now, seen, byHostNow, byNamespaceNow);
        visible.forEach((client, before) -> {
            List<MeshService> list = before;
            for (String host : hosts) {
                list = replaced(list, host, after.service(host, client).stream().toList());
            }
            seen.put(client, list);
        });
        return Optional.of(after);
    }

    private static List<ServiceDefinition> replaced(
            List<ServiceDefinition> before,
            Map<ObjectKey, List<ServiceDefinition>> others,
            Predicate<ServiceDefinition> here) {
        List<ServiceDefinition> all = new ArrayList<>(before);
        all.removeIf(each -> others.containsKey(each.key()));
        others.values().forEach(definitions -> definitions.stream().filter(here).forEach(all::add));
        all.sort(ORDER);
        return all;
    }

    private static List<MeshService> services(List<ServiceDefinition> definitions) {
        return definitions.stream().map(ServiceDefinition::service).toList();
    }

    // In a list that is sorted by host, others in the place of those of one host.
    private static List<MeshService> replaced(List<MeshService> sorted, String host, List<MeshService> others) {
        int from = first(sorted, host);
        int to = from;
        while (to < sorted.size() && sorted.get(to).hostname().equals(host)) {
            to++;
        }
        if (sorted.subList(from, to).equals(others)) {
            return sorted;
        }
        List<MeshService> all = new ArrayList<>(sorted.size() - (to - from) + others.size());
        all.addAll(sorted.subList(0, from));
        all.addAll(others);
        all.addAll(sorted.subList(to, sorted.size()));
        return Collections.unmodifiableList(all);
    }

    private static int first(List<MeshService> sorted, String host) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.get(middle).hostname().compareTo(host) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private List<ServiceDefinition> atHost(String host) {
        List<ServiceDefinition> apart = hostsApart.get(host);
        List<ServiceDefinition> all = apart == null ? byHost.getOrDefault(host, List.of()) : apart;
        return replaced.isEmpty() ? all : all.stream().map(this::current).toList();
    }

    /**
     * The index with other definitions of the very same services ({@link #sameServices}); empty where so much was
     * replaced that a new index is due.
     */
    Optional<ServiceIndex> with(Map<ObjectKey, List<ServiceDefinition>> others) {
        return replaced.size() + others.size() > EndpointIndex.apart(byKey.size())
                ? Optional.empty()
                : Optional.of(new ServiceIndex(this, replacedAlso(others)));
    }

    private SortedTree<ObjectKey, Replaced> replacedAlso(Map<ObjectKey, List<ServiceDefinition>> others) {
        SortedTree<ObjectKey, Replaced> all = replaced;
        for (Map.Entry<ObjectKey, List<ServiceDefinition>> other : others.entrySet()) {
            all = all.with(other.getKey(), Replaced.by(other.getValue()));
        }
        return all;
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
        replaced.forEach((key, now) -> all.put(key, now.definitions()));
        all.values().removeIf(List::isEmpty);
        return all;
    }

    Collection<MeshService> services() {
        return services;
    }

    List<ServiceDefinition> inNamespace(String namespace) {
        List<ServiceDefinition> apart = namespacesApart.get(namespace);
        List<ServiceDefinition> all = apart == null ? byNamespace.getOrDefault(namespace, List.of()) : apart;
        return replaced.isEmpty() ? all : all.stream().map(this::current).toList();
    }

    /** Namespaces that have services. */
    Set<String> namespaces() {
        Set<String> all = new HashSet<>(byNamespace.keySet());
        all.addAll(namespacesApart.keySet());
        all.removeIf(each -> namespacesApart.containsKey(each)
                && namespacesApart.getOrDefault(each, List.of()).isEmpty());
        return all;
    }

    /** Those of them that have services which a namespace sees. */
    Set<String> namespaces(String client) {
        Set<String> seen = namespaces();
        seen.removeIf(each -> inNamespace(each).stream()
                .noneMatch(definition -> ExportTo.sees(definition.service().exportTo(), client)));
        return seen;
    }

    List<ServiceDefinition> of(ObjectKey key) {
        Replaced other = replaced.get(key);
        return other == null ? byKey.getOrDefault(key, List.of()) : other.definitions();
    }

    private ServiceDefinition current(ServiceDefinition definition) {
        Replaced other = replaced.get(definition.key());
        return other == null ? definition : other.byService().getOrDefault(definition.service(), definition);
    }

    /** By identity first; a service of another snapshot is found by its names. */
    @Nullable
    ServiceDefinition definition(MeshService service) {
        if (hostsApart.containsKey(service.hostname())) {
            return ofHost(service);
        }
        ServiceDefinition known = byService.get(service);
        return known == null ? ofHost(service) : current(known);
    }

    @SuppressWarnings("ReferenceEquality") // the very same comes first
    private @Nullable ServiceDefinition ofHost(MeshService service) {
        ServiceDefinition named = null;
        for (ServiceDefinition each : atHost(service.hostname())) {
            if (each.service() == service) {
                return each;
            }
            if (named == null && each.service().namespace().equals(service.namespace())) {
                named = each;
            }
        }
        return named;
    }

    Optional<MeshService> service(String hostname, String namespace) {
        MeshService found = null;
        List<ServiceDefinition> apart = hostsApart.get(hostname);
        for (ServiceDefinition definition : apart == null ? byHost.getOrDefault(hostname, List.of()) : apart) {
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
        List<ServiceDefinition> apart = hostsApart.get(hostname);
        return services(apart == null ? byHost.getOrDefault(hostname, List.of()) : apart);
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
