package io.flotilla.discovery.server;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.fixtures.base.FreePort;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real server on loopback, at any free port or at one that was used before. */
public final class LoopbackServer implements AutoCloseable {
    private static final Set<String> COLLECTIONS =
            Set.of("istio/networking/v1alpha3/virtualservices", "istio/networking/v1alpha3/serviceentries");

    public final XdsServer xds;
    private final Server server;

    public LoopbackServer(DiscoverySource source, DeliveryOrder order) {
        this(source, order, 0);
    }

    public LoopbackServer(DiscoverySource source, DeliveryOrder order, int port) {
        this(new XdsServer(source, order, "test"), XdsServer::aggregated, port);
    }

    /** One that another may follow on its port: nobody, and not a client that tries to come back, gets it in between. */
    public static LoopbackServer replaceable(DiscoverySource source, DeliveryOrder order) {
        return new LoopbackServer(source, order, FreePort.next());
    }

    /** With limits of its own for streams. */
    public LoopbackServer(DiscoverySource source, StreamLimits limits) {
        this(
                new XdsServer(source, DeliveryOrder.NONE, "test", Executors.newVirtualThreadPerTaskExecutor(), limits),
                XdsServer::aggregated,
                0);
    }

    /** Whose connections have an executor of their own. */
    LoopbackServer(DiscoverySource source, Executor connection) {
        this(new XdsServer(source, DeliveryOrder.NONE, "test"), xds -> xds.aggregated(() -> connection), 0);
    }

    private LoopbackServer(XdsServer xds, Function<XdsServer, ServerServiceDefinition> aggregated, int port) {
        this.xds = xds;
        try {
            server = XdsServerLimits.DEFAULT
                    .applyTo(NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                    .addService(aggregated.apply(xds))
                    .addService(xds.secrets())
                    .addService(xds.resources(COLLECTIONS))
                    .addService(xds.meshConfigs(COLLECTIONS))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    public ManagedChannel channel() {
        return channel(port());
    }

    public static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext()
                .build();
    }

    @Override
    public void close() {
        xds.close();
        int port = server.getPort();
        server.shutdownNow();
        try {
            server.awaitTermination();
            FreePort.awaitFree(port);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
