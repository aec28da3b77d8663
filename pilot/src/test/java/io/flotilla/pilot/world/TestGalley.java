package io.flotilla.pilot.world;

import io.flotilla.api.status.v1.DistributionReply;
import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.DistributionStatusGrpc;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
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
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Serves what a test says the mesh is, as Galley would. */
public final class TestGalley implements AutoCloseable {
    private final MemorySource source = new MemorySource();
    private final XdsServer xds = new XdsServer(source, DeliveryOrder.NONE, "test-galley");
    private final AtomicLong sequence = new AtomicLong();
    private final Map<String, List<Config<?>>> documents = new TreeMap<>();
    // As the real one: a later process may count from anew.
    private final long epoch = System.currentTimeMillis();
    private final int port;
    private volatile DistributionReport report = DistributionReport.getDefaultInstance();
    private @Nullable Server server;

    public TestGalley(int port) {
        this.port = port;
    }

    public int port() {
        return port;
    }

    public void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(xds.aggregated())
                .addService(new Reports())
                .build()
                .start();
    }

    /** Stops serving; what was published stays for the next start. */
    public void stop() {
        Server running = server;
        if (running != null) {
            GrpcServers.close(List.of(running), Duration.ZERO);
            FreePort.awaitFree(port);
        }
        server = null;
    }

    private final class Reports extends DistributionStatusGrpc.DistributionStatusImplBase {
        @Override
        public StreamObserver<DistributionReport> report(StreamObserver<DistributionReply> replies) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DistributionReport report) {
                    TestGalley.this.report = report;
                    replies.onNext(DistributionReply.getDefaultInstance());
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    replies.onCompleted();
                }
            };
        }
    }

    /** What Pilot said last of its proxies. */
    public DistributionReport report() {
        return report;
    }

    /** The newest generation that was published. */
    public Generation generation() {
        return new Generation(epoch, Map.of("test", sequence.get()));
    }

    /** The content of one file, empty where it is gone. */
    public synchronized void publish(String file, String yaml) {
        List<Config<?>> objects = new ArrayList<>();
        new ObjectReader(ReadOptions.DEFAULT)
                .read(file, yaml)
                .objects()
                .forEach(object -> objects.add(object.config()));
        documents.put(file, objects);
        source.publish(view());
    }

    private View view() {
        List<Config<?>> all =
                documents.values().stream().<Config<?>>flatMap(List::stream).toList();
        MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(all, List.of())
                .objects();
        Map<String, List<Resource>> byType = new HashMap<>();
        Collections.typeUrls().forEach(type -> byType.put(type, new ArrayList<>()));
        mesh.published()
                .forEach(config -> Collections.of(config.key().kind())
                        .ifPresent(collection -> byType.getOrDefault(collection.typeUrl(), new ArrayList<>())
                                .add(Resource.of(config.key().resourceName(), Envelopes.wrap(config)))));
        Map<String, ResourceSet> types = new HashMap<>();
        byType.forEach((type, resources) -> types.put(type, ResourceSet.of(resources)));
        return new View(new Generation(epoch, Map.of("test", sequence.incrementAndGet())), types);
    }

    @Override
    public void close() {
        stop();
        xds.close();
    }
}
