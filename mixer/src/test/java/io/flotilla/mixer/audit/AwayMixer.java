package io.flotilla.mixer.audit;

import io.flotilla.mixer.check.CheckServer;
import io.flotilla.service.GrpcServers;
import io.flotilla.telemetry.registry.RegistryHistory;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** What proxies are answered where records may not wait on disk while Kafka is away. */
public final class AwayMixer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private final AuditTrail trail;
    private final Server server;

    private AwayMixer(String bootstrapServers, AuditTrail.Away away) throws IOException {
        trail = new AuditTrail(
                new KafkaConfirmed(Map.of("bootstrap.servers", bootstrapServers), AuditTrail.TOPIC, PATIENCE),
                away,
                new AuditTrail.Limits(10, 10, PATIENCE),
                System::nanoTime);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(CheckServer.service(
                        RegistryHistory::empty,
                        trail,
                        Clock.systemUTC(),
                        () -> CompletableFuture.completedFuture(null)))
                .build()
                .start();
    }

    public static AwayMixer refusing(String bootstrapServers) throws IOException {
        return new AwayMixer(bootstrapServers, new AuditTrail.Away.Refuse());
    }

    public static AwayMixer permitting(String bootstrapServers) throws IOException {
        return new AwayMixer(bootstrapServers, new AuditTrail.Away.Permit());
    }

    public int port() {
        return server.getPort();
    }

    public AuditTrail.Totals totals() {
        return trail.totals();
    }

    @Override
    public void close() {
        GrpcServers.close(List.of(server), Duration.ZERO);
        trail.close();
    }
}
