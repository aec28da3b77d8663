package io.flotilla.galley.mcp;

import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The server of flotilla.mcp.address, where that is set. */
@ApplicationScoped
class McpSources implements SourceFactory {
    /** A response holds everything of its type. */
    private static final int MAX_RESPONSE_BYTES = 256 << 20;

    private static final int KEEPALIVE_SECONDS = 30;

    private final Optional<String> address;
    private final Optional<Path> root;
    private final Optional<String> serverName;
    private final MassDeletionGuard guard;

    McpSources(
            @ConfigProperty(name = "flotilla.mcp.address") Optional<String> address,
            @ConfigProperty(name = "flotilla.mcp.root-file") Optional<String> root,
            @ConfigProperty(name = "flotilla.mcp.server-name") Optional<String> serverName,
            @ConfigProperty(name = "flotilla.mcp.confirm-after", defaultValue = "30s") Duration confirmAfter) {
        this.address = address.filter(text -> !text.isBlank());
        this.root = root.filter(text -> !text.isBlank()).map(Path::of);
        this.serverName = serverName.filter(text -> !text.isBlank());
        this.guard = new MassDeletionGuard(confirmAfter);
    }

    @Override
    public Optional<Source> create() {
        return address.map(McpAddress::parse).map(parsed -> new McpSource(parsed, channel(parsed), guard));
    }

    private ManagedChannel channel(McpAddress server) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        server.server().host(), server.server().port())
                .maxInboundMessageSize(MAX_RESPONSE_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS);
        if (!server.tls()) {
            return builder.usePlaintext().build();
        }
        try {
            SslContextBuilder tls = GrpcSslContexts.forClient();
            root.ifPresent(file -> tls.trustManager(file.toFile()));
            serverName.ifPresent(builder::overrideAuthority);
            return builder.sslContext(tls.build()).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "flotilla.mcp.root-file " + root.map(Path::toString).orElse("(not set)") + " cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }
}
