package io.flotilla.mixer;

import com.google.protobuf.Message;
import io.flotilla.api.identity.v1.Revocation;
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
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.fixtures.base.FreePort;
import io.flotilla.service.GrpcServers;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** A registry of two pods and a service, served as Galley serves it. */
final class TestGalley implements AutoCloseable {
    private final MemorySource source = new MemorySource();
    private final AtomicLong generation = new AtomicLong(1);
    private final XdsServer discovery = new XdsServer(source, DeliveryOrder.NONE, "galley");
    private final Server server;

    /** Listens on a port of loopback. */
    TestGalley(int port) {
        try {
            server = GrpcServers.builder("127.0.0.1", port, null)
                    .addService(discovery.aggregated())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        source.publish(view(1, List.of()));
    }

    /** From now on these are revoked, and nobody else. */
    void revoke(List<Revocation> revocations) {
        source.publish(view(generation.incrementAndGet(), revocations));
    }

    @Override
    public void close() {
        discovery.close();
        int port = server.getPort();
        GrpcServers.close(List.of(server), Duration.ZERO);
        FreePort.awaitFree(port);
    }

    private static View view(long generation, List<Revocation> revocations) {
        Map<Kind, List<Resource>> resources = new TreeMap<>(java.util.Comparator.comparing(Kind::toString));
        add(
                resources,
                Kind.REGISTRY_SERVICE,
                "reviews",
                Service.newBuilder()
                        .setNamespace("default")
                        .setName("reviews")
                        .setHostname("reviews.default.svc.cluster.local")
                        .putSelector("app", "reviews")
                        .addPorts(ServicePort.newBuilder()
                                .setName("http")
                                .setNumber(9080)
                                .setTargetNumber(9080))
                        .build());
        add(resources, Kind.REGISTRY_WORKLOAD, "productpage-0", pod("productpage", "127.0.0.1"));
        add(resources, Kind.REGISTRY_WORKLOAD, "reviews-0", pod("reviews", "10.44.0.2"));
        revocations.forEach(each -> add(resources, Kind.REVOCATION, "r" + revocations.indexOf(each), each));
        Map<String, ResourceSet> types = new TreeMap<>();
        Collections.ALL.forEach(collection ->
                types.put(collection.typeUrl(), ResourceSet.of(resources.getOrDefault(collection.kind(), List.of()))));
        return new View(new Generation(1, Map.of("test", generation)), types);
    }

    private static void add(Map<Kind, List<Resource>> resources, Kind kind, String name, Message spec) {
        Config<?> config = new Config<>(
                ObjectKey.of(kind, "default", name), spec, Map.of(), Map.of(), Instant.EPOCH, "1", Origin.NONE);
        resources
                .computeIfAbsent(kind, key -> new ArrayList<>())
                .add(Resource.of(config.key().resourceName(), Envelopes.wrap(config)));
    }

    private static Workload pod(String app, String address) {
        return Workload.newBuilder()
                .setNamespace("default")
                .setName(app + "-0")
                .setUid(app)
                .addAddresses(address)
                .setServiceAccount("bookinfo-" + app)
                .setOwnerKind("Deployment")
                .setOwnerName(app + "-v1")
                .putLabels("app", app)
                .putLabels("version", "v1")
                .setReady(true)
                .setHasSidecar(true)
                .build();
    }
}
