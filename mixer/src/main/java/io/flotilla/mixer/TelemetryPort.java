package io.flotilla.mixer;

import io.flotilla.identity.TrustDomain;
import io.flotilla.mixer.access.AccessLogServer;
import io.flotilla.service.AllowedPeers;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcServers;
import io.flotilla.service.MeshTls;
import io.flotilla.service.RevokedPeers;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The gRPC port that all Envoys report to. */
final class TelemetryPort {
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final AccessLogServer logs;
    private final Server server;

    private TelemetryPort(AccessLogServer logs, Server server) {
        this.logs = logs;
        this.server = server;
    }

    /** Listens: with mutual TLS for every workload of the trust domain, or in plaintext where there is no identity. */
    static TelemetryPort start(
            MixerConfig config,
            @Nullable CurrentIdentity identity,
            RevokedPeers revoked,
            AccessLogServer logs,
            ServerServiceDefinition checks) {
        NettyServerBuilder builder = GrpcServers.builder(
                        config.bind(), config.port(), identity == null ? null : MeshTls.server(identity))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(logs)
                .addService(checks);
        if (identity != null) {
            builder.intercept(revoked).intercept(AllowedPeers.anyone(new TrustDomain(config.trustDomain())));
        }
        try {
            return new TelemetryPort(logs, builder.build().start());
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen on " + config.bind() + ":" + config.port(), e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** Takes no new connections, then no new messages. */
    void stop() {
        server.shutdown();
        logs.endStreams();
        GrpcServers.close(List.of(server), LAST_WORDS);
    }
}
