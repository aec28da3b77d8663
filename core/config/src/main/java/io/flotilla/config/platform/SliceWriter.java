package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes EndpointSlices as manifests, for those who play the endpoint controller. */
final class SliceWriter {
    private final Map<String, PodState> workloads = new TreeMap<>();

    SliceWriter(Collection<Config<Struct>> pods) {
        for (Config<Struct> pod : pods) {
            PodState before = workloads.getOrDefault(pod.namespace(), PodState.empty());
            workloads.put(pod.namespace(), before.withPod(pod.name(), Workloads.of(pod, "", "", Map.of())));
        }
    }

    List<Config<Struct>> write(Collection<Config<Struct>> services) {
        List<Config<Struct>> slices = new ArrayList<>();
        for (Config<Struct> config : services) {
            Service service = Services.of(config, RegistryOptions.DEFAULT, Map.of());
            SliceReader reader = new SliceReader(
                    RegistryOptions.DEFAULT,
                    new PodIndex(workloads.getOrDefault(config.namespace(), PodState.empty())));
            reader.ofPods(service).forEach(slice -> slices.add(manifest(slice, service, config)));
        }
        return slices;
    }

    private static Config<Struct> manifest(EndpointSlice slice, Service service, Config<Struct> from) {
        Map<String, String> labels = Map.of("kubernetes.io/service-name", slice.getService());
        List<Struct> ports = new ArrayList<>();
        service.getPortsList().forEach(port -> {
            Integer number = slice.getPortsMap().get(port.getName());
            if (number != null) {
                ports.add(new StructBuilder()
                        .put("name", port.getName())
                        .put("port", number)
                        .put("protocol", port.getTransport().isEmpty() ? "TCP" : port.getTransport())
                        .build());
            }
        });
        Struct metadata = new StructBuilder()
                .put("name", slice.getName())
                .put("namespace", slice.getNamespace())
                .put("labels", labels)
                .build();
        Struct manifest = new StructBuilder()
                .put("apiVersion", "discovery.k8s.io/v1")
                .put("kind", "EndpointSlice")
                .put("metadata", metadata)
                .put("addressType", "IPv4")
                .structs("ports", ports)
                .structs(
                        "endpoints",
                        slice.getEndpointsList().stream()
                                .map(SliceWriter::endpoint)
                                .toList())
                .build();
        return new Config<>(
                ObjectKey.of(Kind.ENDPOINT_SLICE, slice.getNamespace(), slice.getName()),
                manifest,
                labels,
                Map.of(),
                from.created(),
                ContentVersion.of(manifest, labels, Map.of()),
                from.origin());
    }

    private static Struct endpoint(Endpoint endpoint) {
        String workload = endpoint.getWorkload();
        int slash = workload.indexOf('/');
        Struct target = new StructBuilder()
                .put("kind", "Pod")
                .put("namespace", workload.substring(0, slash))
                .put("name", workload.substring(slash + 1))
                .build();
        Struct conditions = new StructBuilder()
                .put("ready", endpoint.getReady())
                .put("serving", endpoint.getServing())
                .put("terminating", endpoint.getTerminating())
                .build();
        return new StructBuilder()
                .texts("addresses", endpoint.getAddressesList())
                .put("conditions", conditions)
                .put("targetRef", target)
                .build();
    }
}
