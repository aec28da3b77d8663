package io.flotilla.gateway.secret;

import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.discovery.server.XdsServerLimits;
import io.flotilla.service.GrpcServers;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Serves an edge's credentials to its Envoy: SDS on a UNIX socket that only our own user can open. */
public final class EdgeSecretServer implements AutoCloseable {
    private final Path socket;
    private final XdsServer xds;
    private final EventLoopGroup threads;
    private final Server server;

    private EdgeSecretServer(Path socket, XdsServer xds, EventLoopGroup threads, Server server) {
        this.socket = socket;
        this.xds = xds;
        this.threads = threads;
        this.server = server;
    }

    /** Serves a source; a socket file that a process before us left is replaced. */
    public static EdgeSecretServer start(Path socket, DiscoverySource source) throws IOException {
        Files.deleteIfExists(socket);
        XdsServer xds = new XdsServer(source, DeliveryOrder.NONE, "gateway");
        EventLoopGroup threads = new NioEventLoopGroup(1);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(threads)
                .workerEventLoopGroup(threads)
                .addService(xds.secrets());
        Server server = XdsServerLimits.DEFAULT.applyTo(builder).build().start();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new EdgeSecretServer(socket, xds, threads, server);
    }

    @Override
    public void close() throws IOException {
        xds.close();
        GrpcServers.close(List.of(server), Duration.ZERO);
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        Files.deleteIfExists(socket);
    }
}
