package io.flotilla.service;

import io.flotilla.discovery.server.XdsServerLimits;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.InstantSource;
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
}
