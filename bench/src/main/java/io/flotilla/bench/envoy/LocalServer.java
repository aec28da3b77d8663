package io.flotilla.bench.envoy;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.TypeStatus;
import io.flotilla.discovery.server.XdsServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A discovery server on loopback that counts what it writes. */
public final class LocalServer implements AutoCloseable {
    private final XdsServer xds;
    private final Server server;
    private final AtomicLong wireBytes = new AtomicLong();

    public LocalServer(DiscoverySource source, int port) throws IOException {
        xds = new XdsServer(source, DeliveryOrder.ENVOY, "bench");
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(xds.aggregated())
                .addStreamTracerFactory(new Counting())
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    public long wireBytes() {
        return wireBytes.get();
    }

    /** The nonce of the last response of a type that Envoy took; 0 before that. */
    public long accepted(String typeUrl) {
        return status(typeUrl)
                .map(TypeStatus::accepted)
                .map(TypeStatus.Event::nonce)
                .orElse(0L);
    }

    public Optional<TypeStatus> status(String typeUrl) {
        return xds.streams().stream()
                .flatMap(stream -> stream.types().stream())
                .filter(type -> type.typeUrl().equals(typeUrl))
                .findFirst();
    }

    /** A port that nobody uses at this moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        xds.close();
        server.shutdownNow();
        Waiting.until("the server's end", server::isTerminated);
    }

    private final class Counting extends ServerStreamTracer.Factory {
        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            return new ServerStreamTracer() {
                @Override
                public void outboundWireSize(long bytes) {
                    wireBytes.addAndGet(bytes);
                }
            };
        }
    }
}
