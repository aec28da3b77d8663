package io.flotilla.mixer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.flotilla.api.events.v1.AuditEvent;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.SnapshotBuilder;
import io.flotilla.mixer.check.CheckServer;
import io.flotilla.service.GrpcServers;
import io.flotilla.telemetry.registry.Registry;
import io.flotilla.telemetry.registry.RegistryHistory;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A proxy that asks before a Mixer that starts knows its pod. */
class EarlyQuestionTest {
    private final List<AuditEvent> written = new CopyOnWriteArrayList<>();
    private final AtomicReference<RegistryHistory> registry = new AtomicReference<>(RegistryHistory.empty());

    private final Confirmed kafka = new Confirmed() {
        @Override
        public void write(AuditEvent event) {
            written.add(event);
        }

        @Override
        public void close() {}
    };

    @Test
    void isAnsweredOnceItIsKnownWhoseItIs() throws Exception {
        Duration patience = Duration.ofSeconds(10);
        AuditTrail trail = new AuditTrail(
                kafka, new AuditTrail.Away.Refuse(), new AuditTrail.Limits(1, 1, patience), System::nanoTime);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(CheckServer.service(registry::get, trail, Clock.systemUTC(), this::opening))
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            Metadata headers = new Metadata();
            headers.put(
                    Metadata.Key.of("x-flotilla-pod", Metadata.ASCII_STRING_MARSHALLER), "default/details-v1-7c9d-x2");
            AuthorizationGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .check(CheckRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
            GrpcServers.close(List.of(server), Duration.ZERO);
            trail.close();
        }
        assertThat(written).extracting(AuditEvent::getObject).containsExactly("default/details-v1");
    }

    // The first state comes while a question waits.
    private CompletableFuture<Void> opening() {
        Config<Workload> pod = new Config<>(
                ObjectKey.of(Kind.REGISTRY_WORKLOAD, "default", "details-v1-7c9d-x2"),
                Workload.newBuilder()
                        .setNamespace("default")
                        .setName("details-v1-7c9d-x2")
                        .setOwnerName("details-v1")
                        .build(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                "1",
                Origin.NONE);
        Registry known = Registry.of(SnapshotBuilder.build(MeshSettings.defaults(), List.of(pod)));
        return CompletableFuture.runAsync(
                () -> registry.set(RegistryHistory.empty().with(known, Instant.EPOCH)));
    }
}
