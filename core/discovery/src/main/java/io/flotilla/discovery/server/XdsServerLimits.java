package io.flotilla.discovery.server;

import io.grpc.netty.NettyServerBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a gRPC server of ours allows its clients.
 *
 * @param streamsPerConnection most concurrent calls of one connection
 * @param maxMessageBytes      largest message it receives, in bytes
 * @param maxHeaderBytes       largest header list it receives, in bytes; room for a token
 * @param connectionAge        after this a connection is asked to end, with 10 % jitter that gRPC adds
 * @param connectionGrace      how long calls of such a connection may go on before they are cut
 * @param keepAlive            ping after this long without a frame
 * @param keepAliveTimeout     the peer is gone after this long without a reply to a ping
 * @param clientKeepAlive      clients may ping this often
 */
public record XdsServerLimits(
        int streamsPerConnection,
        int maxMessageBytes,
        int maxHeaderBytes,
        Duration connectionAge,
        Duration connectionGrace,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration clientKeepAlive) {
    /** 4 MiB messages, half an hour, pings each 30 s; an Envoy needs two streams, a fleet behind a proxy more. */
    public static final XdsServerLimits DEFAULT = new XdsServerLimits(
            100,
            4 << 20,
            32 << 10,
            Duration.ofMinutes(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));

    /** Sets all of it on a server to be. */
    public NettyServerBuilder applyTo(NettyServerBuilder builder) {
        return builder.maxConcurrentCallsPerConnection(streamsPerConnection)
                .maxInboundMessageSize(maxMessageBytes)
                .maxInboundMetadataSize(maxHeaderBytes)
                .maxConnectionAge(connectionAge.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(connectionGrace.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(keepAliveTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(clientKeepAlive.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true);
    }
}
