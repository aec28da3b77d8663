package io.flotilla.config.platform;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.api.registry.v1.Node;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** From manifests to flotilla.registry.v1: one namespace at a time, so that a change touches little. */
public final class Registry {
    private final RegistryOptions options;

    public Registry(RegistryOptions options) {
        this.options = options;
    }

    /**
     * Services, slices, workloads of one namespace.
     *
     * @param manifests  Service, Endpoints, EndpointSlice and Pod objects of the namespace; others are passed over
     * @param localities node name to locality
     * @param addresses  "NAMESPACE/NAME" to the address of services that were given none
     * @return objects of the registry's kinds, sorted
     */
    public SortedMap<ObjectKey, Config<?>> namespace(
            Collection<Config<Struct>> manifests, Map<String, String> localities, Map<String, String> addresses) {
        SortedMap<ObjectKey, Config<?>> objects = new TreeMap<>();
        SortedMap<String, Workload> workloads = new TreeMap<>();
        for (Config<Struct> pod : of(Kind.POD, manifests)) {
            Workload workload = Workloads.of(pod, options.cluster(), options.network(), localities);
            workloads.put(pod.name(), workload);
            put(objects, pod, Kind.REGISTRY_WORKLOAD, pod.name(), workload);
        }
        SliceReader slices = new SliceReader(options, workloads);
        List<Config<Struct>> given = new ArrayList<>(of(Kind.ENDPOINT_SLICE, manifests));
        for (Config<Struct> slice : given) {
            slices.ofSlice(slice)
                    .forEach(each -> put(objects, slice, Kind.REGISTRY_ENDPOINT_SLICE, each.getName(), each));
        }
        List<String> served = new ArrayList<>();
        given.forEach(slice -> served.add(SliceReader.serviceOf(slice)));
        for (Config<Struct> endpoints : of(Kind.ENDPOINTS, manifests)) {
            // A cluster mirrors Endpoints into slices: read both, and every endpoint is there twice.
            if (!served.contains(endpoints.name())) {
                served.add(endpoints.name());
                slices.ofEndpoints(endpoints)
                        .forEach(each -> put(objects, endpoints, Kind.REGISTRY_ENDPOINT_SLICE, each.getName(), each));
            }
        }
        for (Config<Struct> service : of(Kind.SERVICE, manifests)) {
            var built = Services.of(service, options, addresses);
            put(objects, service, Kind.REGISTRY_SERVICE, service.name(), built);
            if (!served.contains(service.name())) {
                slices.ofPods(built)
                        .forEach(each -> put(objects, service, Kind.REGISTRY_ENDPOINT_SLICE, each.getName(), each));
            }
        }
        return Collections.unmodifiableSortedMap(objects);
    }

    /** Namespaces and nodes. */
    public SortedMap<ObjectKey, Config<?>> clusterScoped(Collection<Config<Struct>> manifests) {
        SortedMap<ObjectKey, Config<?>> objects = new TreeMap<>();
        for (Config<Struct> namespace : of(Kind.NAMESPACE, manifests)) {
            Namespace built = Namespace.newBuilder()
                    .setCluster(options.cluster())
                    .setName(namespace.name())
                    .putAllLabels(namespace.labels())
                    .putAllAnnotations(namespace.annotations())
                    .build();
            put(objects, namespace, Kind.REGISTRY_NAMESPACE, namespace.name(), built);
        }
        for (Config<Struct> node : of(Kind.NODE, manifests)) {
            Node built = Node.newBuilder()
                    .setCluster(options.cluster())
                    .setName(node.name())
                    .putAllLabels(node.labels())
                    .setLocality(locality(node.labels()))
                    .build();
            put(objects, node, Kind.REGISTRY_NODE, node.name(), built);
        }
        return Collections.unmodifiableSortedMap(objects);
    }

    /** Node name to "region/zone/subzone". */
    public static Map<String, String> localities(Collection<Config<Struct>> manifests) {
        Map<String, String> localities = new TreeMap<>();
        of(Kind.NODE, manifests).forEach(node -> localities.put(node.name(), locality(node.labels())));
        return localities;
    }

    private static String locality(Map<String, String> labels) {
        String region = first(labels, "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region");
        String zone = first(labels, "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone");
        String subzone = labels.getOrDefault("topology.istio.io/subzone", "");
        if (region.isEmpty() && zone.isEmpty()) {
            return "";
        }
        return subzone.isEmpty() ? region + "/" + zone : region + "/" + zone + "/" + subzone;
    }

    private static String first(Map<String, String> labels, String current, String old) {
        return labels.getOrDefault(current, labels.getOrDefault(old, ""));
    }

    private static List<Config<Struct>> of(Kind kind, Collection<Config<Struct>> manifests) {
        return manifests.stream().filter(each -> each.key().kind().equals(kind)).toList();
    }

    private void put(Map<ObjectKey, Config<?>> into, Config<Struct> from, Kind kind, String name, Message message) {
        ObjectKey key = new ObjectKey(options.cluster(), kind, from.namespace(), name);
        // A line that moved is no change: where a service was written does not count.
        Message content = message instanceof Service service
                ? service.toBuilder().clearOrigin().build()
                : message;
        String version = ContentVersion.of(content, Map.of(), Map.of());
        into.put(key, new Config<>(key, message, Map.of(), Map.of(), from.created(), version, from.origin()));
    }
}
