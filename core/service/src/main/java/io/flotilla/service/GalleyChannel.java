package io.flotilla.service;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/** The channel to Galley that a setting names. */
public final class GalleyChannel {
    private static final String PLAINTEXT = "xds://";
    private static final String TLS = "xds+tls://";
    private static final EventLoopGroup READING = new NioEventLoopGroup(1, new DefaultThreadFactory("galley", true));

    private GalleyChannel() {}

    /**
     * Opens it; it connects when it is used.
     *
     * @param config    xds://HOST:PORT in plaintext, or xds+tls://HOST:PORT with mutual TLS, which needs an identity
     * @param namespace of the control plane
     */
    public static ManagedChannel open(String config, String namespace, @Nullable CurrentIdentity identity) {
        if (config.startsWith(PLAINTEXT)) {
            return open(GrpcChannels.plaintext(HostPort.parse(config.substring(PLAINTEXT.length()))));
        }
        if (!config.startsWith(TLS)) {
            throw new IllegalArgumentException(
                    "flotilla.config is \"" + config + "\" but must be xds://HOST:PORT or xds+tls://HOST:PORT");
        }
        if (identity == null) {
            throw new IllegalArgumentException(
                    "flotilla.config is \"" + config + "\" but there is no identity: set flotilla.identity.citadel");
        }
        return open(GrpcChannels.tls(
                HostPort.parse(config.substring(TLS.length())),
                "istio-galley." + namespace + ".svc",
                MeshTls.client(identity)));
    }

    // What comes is taken on the thread that reads it: nobody else's calls wait for that one.
    private static ManagedChannel open(NettyChannelBuilder builder) {
        return builder.eventLoopGroup(READING)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .build();
    }
}
