package io.flotilla.config.snapshot;

import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.store.SortedTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Slices by service, and the endpoints that were asked for, made on demand. An index that follows another shares all
 * but what the change touched, so that a change costs what it is large.
 */
final class EndpointIndex {
    /** With more than this beside the base, a new base is made where each step copies what stands beside it. */
    static final int APART = 256;

    // Where a step shares what stands beside: a new base costs what there is, so it is due when as much has changed.
    private static final int SHARE = 4;

    /** How much may stand beside a base of this size that later steps share. */
    static int apart(int size) {
        return Math.max(APART, size / SHARE);
    }

    /** One port of one service. */
    private record PortKey(String namespace, String hostname, int port) {}

    private final Map<String, List<Config<EndpointSlice>>> slices;
    private final SortedTree<String, List<Config<EndpointSlice>>> slicesApart;
    private final Map<PortKey, List<MeshEndpoint>> made;
    // Hosts whose endpoints are not those of the base, and what was made of them.
    private final SortedTree<String, Map<PortKey, List<MeshEndpoint>>> apart;

    EndpointIndex(ObjectTable objects) {
        this(bySlices(objects), SortedTree.empty(), new ConcurrentHashMap<>(), SortedTree.empty());
    }

    private EndpointIndex(
            Map<String, List<Config<EndpointSlice>>> slices,
            SortedTree<String, List<Config<EndpointSlice>>> slicesApart,
            Map<PortKey, List<MeshEndpoint>> made,
            SortedTree<String, Map<PortKey, List<MeshEndpoint>>> apart) {
        this.slices = slices;
        this.slicesApart = slicesApart;
        this.made = made;
        this.apart = apart;
    }

    private static Map<String, List<Config<EndpointSlice>>> bySlices(ObjectTable objects) {
        Map<String, List<Config<EndpointSlice>>> slices = new HashMap<>();
        for (Config<EndpointSlice> slice : objects.all(Kind.REGISTRY_ENDPOINT_SLICE, EndpointSlice.class)) {
            slices.computeIfAbsent(service(slice), service -> new ArrayList<>()).add(slice);
        }
        return slices;
    }

    private static String service(Config<EndpointSlice> slice) {
        return slice.namespace() + "/" + slice.spec().getService();
    }

    /** Keeps the previous index's endpoints, but for the hosts that a change touched. */
    EndpointIndex reuse(EndpointIndex previous, Set<String> touchedHosts) {
        previous.made.forEach((key, endpoints) -> {
            if (!touchedHosts.contains(key.hostname()) && !previous.apart.contains(key.hostname())) {
                made.put(key, endpoints);
            }
        });
        previous.apart.forEach((host, endpoints) -> {
            if (!touchedHosts.contains(host)) {
                made.putAll(endpoints);
            }
        });
        return this;
    }

    /**
     * The index after a change of some hosts' endpoints; empty where too much stands beside the base already.
     *
     * @param before slices that are gone or have changed
     * @param after  slices that are new or have changed
     */
    Optional<EndpointIndex> after(
            Set<String> hosts, List<Config<EndpointSlice>> before, List<Config<EndpointSlice>> after) {
        if (apart.size() + hosts.size() > apart(made.size())
                || slicesApart.size() + before.size() + after.size() > apart(slices.size())) {
            return Optional.empty();
        }
        SortedTree<String, List<Config<EndpointSlice>>> moved = slicesApart;
        for (Config<EndpointSlice> slice : before) {
            moved = moved.with(service(slice), without(moved, slice));
        }
        for (Config<EndpointSlice> slice : after) {
            List<Config<EndpointSlice>> all = without(moved, slice);
            all.add(slice);
            all.sort(Comparator.comparing(Config::key));
            moved = moved.with(service(slice), all);
        }
        SortedTree<String, Map<PortKey, List<MeshEndpoint>>> touched = apart;
        for (String host : hosts) {
            touched = touched.with(host, new ConcurrentHashMap<>(1));
        }
        return Optional.of(new EndpointIndex(slices, moved, made, touched));
    }

    private List<Config<EndpointSlice>> without(
            SortedTree<String, List<Config<EndpointSlice>>> moved, Config<EndpointSlice> slice) {
        List<Config<EndpointSlice>> known = moved.get(service(slice));
        List<Config<EndpointSlice>> all =
                new ArrayList<>(known == null ? slices.getOrDefault(service(slice), List.of()) : known);
        all.removeIf(each -> each.key().equals(slice.key()));
        return all;
    }

    List<Config<EndpointSlice>> slices(String namespace, String service) {
        String key = namespace + "/" + service;
        List<Config<EndpointSlice>> moved = slicesApart.get(key);
        return moved == null ? slices.getOrDefault(key, List.of()) : moved;
    }

    List<MeshEndpoint> endpoints(ServiceDefinition definition, int port, WorkloadIndex workloads) {
        MeshService service = definition.service();
        PortKey key = new PortKey(service.namespace(), service.hostname(), port);
        Map<PortKey, List<MeshEndpoint>> touched = apart.get(service.hostname());
        Map<PortKey, List<MeshEndpoint>> known = touched == null ? made : touched;
        List<MeshEndpoint> endpoints = known.get(key);
        if (endpoints == null) {
            endpoints = make(definition, port, workloads);
            known.put(key, endpoints);
        }
        return endpoints;
    }

    private List<MeshEndpoint> make(ServiceDefinition definition, int port, WorkloadIndex workloads) {
        ServicePort servicePort = definition.service().port(port).orElse(null);
        if (servicePort == null) {
            return List.of();
        }
        Collection<MeshEndpoint> endpoints = switch (definition) {
            case ServiceDefinition.Registered registered ->
                new RegisteredEndpoints(registered)
                        .of(
                                servicePort,
                                slices(
                                        registered.service().namespace(),
                                        registered.service().name()));
            case ServiceDefinition.Declared declared -> new DeclaredEndpoints(declared, workloads).of(servicePort);
        };
        return endpoints.stream().sorted(EndpointOrder.BY_ADDRESS).distinct().toList();
    }
}
