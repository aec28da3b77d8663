package io.flotilla.service;

import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** gRPC servers with the limits that hold for all of the suite (wire.md). */
public final class GrpcServers {
    /** Largest message that is taken. */
    public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int MAX_STREAMS = 1_000;
    private static final int CONNECTION_AGE_MINUTES = 30;
    private static final int CONNECTION_GRACE_SECONDS = 30;
    private static final int KEEPALIVE_SECONDS = 30;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;
    private static final int CLIENT_KEEPALIVE_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS = 10;

    private GrpcServers() {}

    /**
     * A builder for one port; gRPC itself spreads the connection age by a tenth.
     *
     * @param bind an address; all interfaces only if it says so
     * @param port 0 takes a free one
     * @param tls  null serves plaintext, which only loopback may have
     */
    public static NettyServerBuilder builder(String bind, int port, @Nullable SslContext tls) {
        InetSocketAddress address = new InetSocketAddress(bind, port);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(MAX_STREAMS)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(CLIENT_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionAge(CONNECTION_AGE_MINUTES, TimeUnit.MINUTES)
                .maxConnectionAgeGrace(CONNECTION_GRACE_SECONDS, TimeUnit.SECONDS);
        return tls == null ? builder : builder.sslContext(tls);
    }
}
