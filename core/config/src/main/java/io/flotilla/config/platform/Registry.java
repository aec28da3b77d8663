package io.flotilla.config.platform;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Namespace;
import io.flotilla.api.registry.v1.Node;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Manifests as objects of flotilla.registry.v1. */
final class Registry {
    private final RegistryOptions options;

    Registry(RegistryOptions options) {
        this.options = options;
    }

    Config<Workload> workload(Config<Struct> pod, Map<String, String> localities) {
        Workload workload = Workloads.of(pod, options.cluster(), options.network(), localities);
        return config(pod, Kind.REGISTRY_WORKLOAD, pod.name(), workload);
    }

    @SuppressWarnings("unchecked") // the kind of both is looked at by who asks
    Config<Workload> entry(Config<?> entry, @Nullable Config<?> group) {
        Workload workload =
                Entries.workload((Config<WorkloadEntry>) entry, (Config<WorkloadGroup>) group, options.cluster());
        return config(entry, Kind.REGISTRY_WORKLOAD, entry.name() + Entries.SUFFIX, workload);
    }

    /**
     * What a Service becomes: itself, and slices of the pods that it selects, unless somebody else wrote its slices.
     *
     * @param served    slices or Endpoints of this service are there
     * @param addresses "NAMESPACE/NAME" to the address of services that were given none
     */
    List<Config<?>> service(Config<Struct> manifest, boolean served, PodIndex pods, Map<String, String> addresses) {
        Service service = Services.of(manifest, options, addresses);
        List<Config<?>> built = new ArrayList<>();
        built.add(config(manifest, Kind.REGISTRY_SERVICE, manifest.name(), service));
        SliceReader reader = new SliceReader(options, pods);
        if (!served) {
            built.addAll(slices(manifest, reader.ofPods(service)));
        }
        built.addAll(slices(manifest, reader.ofEntries(service)));
        return built;
    }

    List<Config<?>> endpointSlice(Config<Struct> manifest, PodIndex pods) {
        return slices(manifest, new SliceReader(options, pods).ofSlice(manifest));
    }

    List<Config<?>> endpoints(Config<Struct> manifest, PodIndex pods) {
        return slices(manifest, new SliceReader(options, pods).ofEndpoints(manifest));
    }

    Config<Namespace> namespace(Config<Struct> manifest) {
        Namespace namespace = Namespace.newBuilder()
                .setCluster(options.cluster())
                .setName(manifest.name())
                .putAllLabels(manifest.labels())
                .putAllAnnotations(manifest.annotations())
                .build();
        return config(manifest, Kind.REGISTRY_NAMESPACE, manifest.name(), namespace);
    }

    Config<Node> node(Config<Struct> manifest) {
        Node node = Node.newBuilder()
                .setCluster(options.cluster())
                .setName(manifest.name())
                .putAllLabels(manifest.labels())
                .setLocality(locality(manifest.labels()))
                .build();
        return config(manifest, Kind.REGISTRY_NODE, manifest.name(), node);
    }

    /** "region/zone/subzone" of a node, from its labels of today or of old. */
    static String locality(Map<String, String> labels) {
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

    private List<Config<?>> slices(Config<Struct> from, List<EndpointSlice> slices) {
        List<Config<?>> built = new ArrayList<>();
        slices.forEach(slice -> built.add(config(from, Kind.REGISTRY_ENDPOINT_SLICE, slice.getName(), slice)));
        return built;
    }

    private <T extends Message> Config<T> config(Config<?> from, Kind kind, String name, T message) {
        ObjectKey key = new ObjectKey(options.cluster(), kind, from.namespace(), name);
        // A line that moved is no change: where a service was written does not count.
        Message content = message instanceof Service service
                ? service.toBuilder().clearOrigin().build()
                : message;
        String version = ContentVersion.of(content, Map.of(), Map.of());
        return new Config<>(key, message, Map.of(), Map.of(), from.created(), version, from.origin());
    }
}
