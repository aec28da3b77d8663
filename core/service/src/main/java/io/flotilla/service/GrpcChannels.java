package io.flotilla.service;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.TimeUnit;

/** gRPC channels to other services of the suite. */
public final class GrpcChannels {
    private static final int KEEPALIVE_SECONDS = 30;
    private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;

    private GrpcChannels() {}

    /** Plaintext: for loopback, and for tests. */
    public static NettyChannelBuilder plaintext(HostPort address) {
        return builder(address).usePlaintext();
    }

    /**
     * TLS to a server that proves to be {@code serverName}, a DNS name of its certificate, whatever address it is
     * reached by.
     */
    public static NettyChannelBuilder tls(HostPort address, String serverName, SslContext tls) {
        return builder(address).sslContext(tls).overrideAuthority(serverName);
    }

    private static NettyChannelBuilder builder(HostPort address) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .maxInboundMessageSize(GrpcServers.MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
