package io.flotilla.bench.serving;

import com.google.protobuf.Message;
import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A registry as Galley serves it: services, spread over namespaces ns-0, ns-1 and so on, each with endpoints that are pods.
 *
 * @param endpoints of each service
 */
record NamespacedMesh(int services, int namespaces, int endpoints) {
    private static final int PORT = 8080;

    /** @param scoped whether each namespace imports itself alone */
    View view(boolean scoped) {
        Map<String, List<Resource>> byType = new HashMap<>();
        for (int i = 0; i < services; i++) {
            service(byType, "ns-" + i % namespaces, "service-" + i, i);
        }
        if (scoped) {
            Sidecar own = Sidecar.newBuilder()
                    .addEgress(IstioEgressListener.newBuilder().addHosts("./*"))
                    .build();
            add(byType, Kind.SIDECAR, "istio-system", "default", own);
        }
        Map<String, ResourceSet> types = new HashMap<>();
        byType.forEach((type, resources) -> types.put(type, ResourceSet.of(resources)));
        return new View(new Generation(0, Map.of("bench", scoped ? 2L : 1L)), types);
    }

    private void service(Map<String, List<Resource>> byType, String namespace, String name, int number) {
        Service service = Service.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setHostname(name + "." + namespace + ".svc.cluster.local")
                .addAddresses("10.96." + (number >> 8) + "." + (number & 255))
                .addPorts(ServicePort.newBuilder().setName("http").setNumber(80).setTargetNumber(PORT))
                .putSelector("app", name)
                .build();
        add(byType, Kind.REGISTRY_SERVICE, namespace, name, service);
        EndpointSlice.Builder slice = EndpointSlice.newBuilder()
                .setNamespace(namespace)
                .setName(name + "-abcde")
                .setService(name)
                .putPorts("http", PORT);
        for (int i = 0; i < endpoints; i++) {
            int place = number * endpoints + i;
            String pod = name + "-6d4cf56db6-" + Integer.toString(place, Character.MAX_RADIX);
            String address = "10." + (64 + (place >> 16)) + "." + (place >> 8 & 255) + "." + (place & 255);
            Map<String, String> labels = Map.of("app", name, "version", "v1", "pod-template-hash", "6d4cf56db6");
            slice.addEndpoints(Endpoint.newBuilder()
                    .addAddresses(address)
                    .setReady(true)
                    .setServing(true)
                    .setWorkload(namespace + "/" + pod)
                    .setServiceAccount(name)
                    .setMeshTls(true)
                    .putAllLabels(labels));
            Workload workload = Workload.newBuilder()
                    .setNamespace(namespace)
                    .setName(pod)
                    .setUid("5f3c0000-0000-4000-8000-" + String.format("%012d", place))
                    .addAddresses(address)
                    .setServiceAccount(name)
                    .setReady(true)
                    .setHasSidecar(true)
                    .putAllLabels(labels)
                    .build();
            add(byType, Kind.REGISTRY_WORKLOAD, namespace, pod, workload);
        }
        add(byType, Kind.REGISTRY_ENDPOINT_SLICE, namespace, name + "-abcde", slice.build());
    }

    private static void add(
            Map<String, List<Resource>> byType, Kind kind, String namespace, String name, Message spec) {
        Config<Message> config = new Config<>(
                ObjectKey.of(kind, namespace, name), spec, Map.of(), Map.of(), Instant.EPOCH, "1", Origin.NONE);
        byType.computeIfAbsent(Collections.of(kind).orElseThrow().typeUrl(), type -> new ArrayList<>())
                .add(Resource.of(config.key().resourceName(), Envelopes.wrap(config)));
    }
}
