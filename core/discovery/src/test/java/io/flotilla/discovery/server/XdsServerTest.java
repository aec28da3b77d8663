package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.flotilla.discovery.Await;
import io.flotilla.discovery.DiscoveryRefused;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.client.ManualStream;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class XdsServerTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Node NODE = Node.newBuilder().setId("sidecar~1").build();

    private final MemorySource source = new MemorySource();

    @Test
    void initialStateComesInMessagesOfBoundedSize() throws InterruptedException {
        Map<String, String> expected = new HashMap<>();
        List<Resource> resources = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[random.nextInt(20_000)];
            random.nextBytes(body);
            Resource resource = Resource.of("cluster-" + i, BytesValue.of(ByteString.copyFrom(body)));
            resources.add(resource);
            expected.put(resource.name(), resource.version());
        }
        source.publish(new View(Views.generation(1), Map.of(TypeUrls.CLUSTER, ResourceSet.of(resources))));
        try (var server = new LoopbackServer(source, DeliveryOrder.ENVOY);
                var stream = new ManualStream(server.channel(), NODE)) {
            stream.subscribe(TypeUrls.CLUSTER);
            Map<String, String> got = new HashMap<>();
            int messages = 0;
            while (got.size() < expected.size()) {
                DeltaDiscoveryResponse response = stream.next(SOON).orElseThrow();
                messages++;
                assertThat(response.getSerializedSize()).isLessThan((256 << 10) + 1024);
                response.getResourcesList()
                        .forEach(entry -> got.put(entry.getName(), Resource.withoutStamp(entry.getVersion())));
                assertThat(response.getSystemVersionInfo().endsWith("+")).isEqualTo(got.size() < expected.size());
            }
            assertThat(got).isEqualTo(expected);
            assertThat(messages).isBetween(7, 20);
        }
    }

    @Test
    void aNewerViewIsToldByTheConnectionsOwnThread() throws InterruptedException {
        Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        AtomicBoolean holding = new AtomicBoolean();
        source.publish(one("a=1", 1));
        try (var server = new LoopbackServer(source, task -> {
                    if (holding.get()) {
                        held.add(task);
                    } else {
                        task.run();
                    }
                });
                var stream = new ManualStream(server.channel(), NODE)) {
            stream.subscribe(TypeUrls.CLUSTER);
            assertThat(stream.next(SOON)).isPresent();
            holding.set(true);
            // A turn that is under way takes a newer view with it, and nobody is asked for another.
            long end = System.nanoTime() + SOON.toNanos();
            int last = 2;
            source.publish(one("a=2", last));
            while (held.isEmpty()) {
                assertThat(System.nanoTime()).as("nothing was held").isLessThan(end);
                source.publish(one("a=" + ++last, last));
            }
            source.publish(one("b=1", ++last));
            holding.set(false);
            held.forEach(Runnable::run);
            String told = "a";
            while (told.equals("a")) {
                told = stream.next(SOON).orElseThrow().getResources(0).getName();
            }
            assertThat(told).isEqualTo("b");
        }
    }

    @Test
    void connectionsThatHaveEndedKeepNobodyFromPublishing() throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        source.publish(one("a=1", 1));
        try (var server = new LoopbackServer(source, task -> {
                    if (ended.get()) {
                        throw new RejectedExecutionException("shut down");
                    }
                    task.run();
                });
                var stream = new ManualStream(server.channel(), NODE)) {
            stream.subscribe(TypeUrls.CLUSTER);
            assertThat(stream.next(SOON)).isPresent();
            ended.set(true);
            assertThatCode(() -> source.publish(one("b=1", 2))).doesNotThrowAnyException();
        }
    }

    private static View one(String name, long generation) {
        return new View(
                Views.generation(generation), Map.of(TypeUrls.CLUSTER, ResourceSet.of(List.of(Views.resource(name)))));
    }

    @Test
    void aClientThatStopsReadingHoldsOnlyTheLatestState() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE)) {
            ManagedChannel channel = server.channel();
            UnreadStream stream = new UnreadStream(channel, NODE, "T");
            Await.until("open", () -> !server.xds.streams().isEmpty());
            // None of these is to be kept but the one that is being sent and the last.
            List<WeakReference<View>> views = new ArrayList<>();
            for (int i = 1; i <= 60; i++) {
                View view = Views.large(i, 16, 256 << 10);
                views.add(new WeakReference<>(view));
                source.publish(view);
            }
            Await.until("all but a few are gone", () -> {
                System.gc();
                return views.stream().filter(view -> view.get() != null).count() <= 4;
            });
            // When it reads again it gets what was begun, and then the last state: not what was between.
            stream.read();
            DeltaDiscoveryResponse last = null;
            int messages = 0;
            while (last == null
                    || !last.getSystemVersionInfo().startsWith("1;s=60-")
                    || last.getSystemVersionInfo().endsWith("+")) {
                last = stream.received.poll(60, TimeUnit.SECONDS);
                assertThat(last).isNotNull();
                messages++;
            }
            assertThat(messages).isLessThan(50);
            channel.shutdownNow();
        }
    }

    @Test
    void aStreamIsRefusedWithTheSourcesStatus() {
        try (var server = new LoopbackServer(
                        (stream, views) -> {
                            throw new DiscoveryRefused(Status.PERMISSION_DENIED.withDescription("not you"));
                        },
                        DeliveryOrder.ENVOY);
                var stream = new ManualStream(server.channel(), NODE)) {
            stream.subscribe(TypeUrls.CLUSTER);
            Await.until("refused", stream::over);
            assertThat(stream.failure().orElseThrow()).hasMessageContaining("PERMISSION_DENIED: not you");
            assertThat(server.xds.streams()).isEmpty();
        }
    }

    @Test
    void routesGoOutWhenPatienceIsOverThoughNothingHappens() throws InterruptedException {
        source.publish(Views.view(1, "CDS a=1; RDS r=1"));
        DeliveryOrder order = DeliveryOrder.ENVOY.withPatience(Duration.ofMillis(50));
        try (var server = new LoopbackServer(source, order);
                var stream = new ManualStream(server.channel(), NODE)) {
            stream.subscribe(TypeUrls.CLUSTER);
            assertThat(stream.next(SOON).orElseThrow().getTypeUrl()).isEqualTo(TypeUrls.CLUSTER);
            stream.subscribe(TypeUrls.ROUTE, "r");
            assertThat(stream.next(SOON).orElseThrow().getTypeUrl()).isEqualTo(TypeUrls.ROUTE);
        }
    }

    @Test
    void streamsAreSeenWithTheirNodeAndWhereTheyStand() throws InterruptedException {
        source.publish(Views.view(1, "CDS a=1"));
        try (var server = new LoopbackServer(source, DeliveryOrder.ENVOY)) {
            try (var stream = new ManualStream(server.channel(), NODE)) {
                stream.subscribe(TypeUrls.CLUSTER);
                DeltaDiscoveryResponse response = stream.next(SOON).orElseThrow();
                assertThat(only(server).synced()).isFalse();
                stream.accept(response);
                Await.until("synced", () -> only(server).synced());
                assertThat(server.xds.streams().getFirst().info().node().getId())
                        .isEqualTo("sidecar~1");
                assertThat(only(server).generation()).isEqualTo(Views.generation(1));
            }
            Await.until("closed", () -> server.xds.streams().isEmpty());
        }
    }

    private static TypeStatus only(LoopbackServer server) {
        return server.xds.streams().getFirst().types().getFirst();
    }

    @Test
    void secretsCanBeFetchedOnce() {
        source.publish(Views.view(1, "SDS default=1 ROOTCA=1 other=1"));
        try (var server = new LoopbackServer(source, DeliveryOrder.ENVOY)) {
            ManagedChannel channel = server.channel();
            DiscoveryResponse response = SecretDiscoveryServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .fetchSecrets(DiscoveryRequest.newBuilder()
                            .setNode(NODE)
                            .setTypeUrl(TypeUrls.SECRET)
                            .addResourceNames("default")
                            .addResourceNames("ROOTCA")
                            .build());
            assertThat(response.getResourcesList()).extracting(Views::content).containsExactly("ROOTCA=1", "default=1");
            assertThatThrownBy(() -> SecretDiscoveryServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(60, TimeUnit.SECONDS)
                            .fetchSecrets(DiscoveryRequest.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("without a type URL");
            channel.shutdownNow();
        }
    }
}
