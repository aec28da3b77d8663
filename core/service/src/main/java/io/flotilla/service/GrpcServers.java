package io.flotilla.service;

import io.flotilla.discovery.server.XdsServerLimits;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** gRPC servers with the limits that hold for all of the suite (wire.md). */
public final class GrpcServers {
    /** Largest message that is taken. */
    public static final int MAX_MESSAGE_BYTES = XdsServerLimits.DEFAULT.maxMessageBytes();

    private static final int HANDSHAKE_SECONDS = 10;

    /** Streams that a client may open and reset at once; without a limit it makes work as fast as it can send. */
    private static final int RESETS = 500;

    private static final int RESET_SECONDS = 30;

    /** Ended calls are told to the clients, and ports closed, by other threads. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(5);

    private GrpcServers() {}

    /**
     * A builder for one port; gRPC itself spreads the connection age by a tenth.
     *
     * @param bind an address; all interfaces only if it says so
     * @param port 0 takes a free one
     * @param tls  null serves plaintext, which only loopback may have
     */
    public static NettyServerBuilder builder(String bind, int port, @Nullable SslContext tls) {
        return builder(bind, port, tls, InstantSource.system());
    }

    static NettyServerBuilder builder(String bind, int port, @Nullable SslContext tls, InstantSource clock) {
        InetSocketAddress address = new InetSocketAddress(bind, port);
        NettyServerBuilder builder = XdsServerLimits.DEFAULT
                .applyTo(NettyServerBuilder.forAddress(address))
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxRstFramesPerWindow(RESETS, RESET_SECONDS);
        if (tls == null) {
            return builder;
        }
        EndedPeers ended = new EndedPeers(clock);
        return builder.sslContext(tls).addTransportFilter(ended).intercept(ended);
    }

    /**
     * Ends servers: they take no new calls at once, and those under way have {@code grace} to end. After it the ports
     * are free for whoever listens next, unless the machine took longer than 5 seconds for it.
     *
     * @param grace zero cuts calls off at once
     */
    public static void close(Collection<Server> servers, Duration grace) {
        servers.forEach(Server::shutdown);
        long cutOff = System.nanoTime() + grace.toNanos();
        try {
            for (Server server : servers) {
                if (!server.awaitTermination(Math.max(0, cutOff - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    server.shutdownNow();
                }
            }
            long end = System.nanoTime() + LAST_STEPS.toNanos();
            for (Server server : servers) {
                server.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            servers.forEach(Server::shutdownNow);
        }
    }
}
