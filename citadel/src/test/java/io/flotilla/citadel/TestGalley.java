package io.flotilla.citadel;

import com.google.protobuf.Any;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.mcp.v1alpha1.Metadata;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.citadel.federation.PeerRoots;
import io.flotilla.citadel.revoke.DistributedRevocations;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Distributes revocations, as Galley would. */
final class TestGalley implements AutoCloseable {
    private final MemorySource source = new MemorySource();
    private final XdsServer xds = new XdsServer(source, DeliveryOrder.NONE, "test-galley");
    private final Server server;
    private long sequence;

    TestGalley(int port) throws IOException {
        publish(List.of());
        server = GrpcServers.builder("127.0.0.1", port, null)
                .addService(xds.aggregated())
                .build()
                .start();
    }

    /** All that there are. */
    void publish(List<Revocation> revocations) {
        publish(revocations, MeshConfig.getDefaultInstance());
    }

    /** All that there are, and MeshConfig. */
    void publish(List<Revocation> revocations, MeshConfig mesh) {
        List<Resource> resources = new ArrayList<>();
        for (Revocation each : revocations) {
            String name = "revocation-" + resources.size();
            resources.add(Resource.of(
                    name,
                    io.flotilla.api.mcp.v1alpha1.Resource.newBuilder()
                            .setMetadata(Metadata.newBuilder().setName(name))
                            .setBody(Any.pack(each))
                            .build()));
        }
        sequence++;
        source.publish(new View(
                new Generation(System.currentTimeMillis(), Map.of("test", sequence)),
                Map.of(
                        DistributedRevocations.TYPE,
                        ResourceSet.of(resources),
                        PeerRoots.TYPE,
                        ResourceSet.of(List.of(Resource.of(
                                "istio-system/istio",
                                io.flotilla.api.mcp.v1alpha1.Resource.newBuilder()
                                        .setBody(Any.pack(mesh))
                                        .build()))))));
    }

    @Override
    public void close() {
        int port = server.getPort();
        GrpcServers.close(List.of(server), Duration.ZERO);
        FreePort.awaitFree(port);
        xds.close();
    }
}
