package io.flotilla.discovery.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.discovery.Await;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.StreamInfo;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.LoopbackServer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryClientTest {
    private static final Node NODE = Node.newBuilder().setId("pilot-1").build();

    private final MemorySource source = new MemorySource();
    private final Received received = new Received();

    @ParameterizedTest(name = "delta {0}")
    @ValueSource(booleans = {true, false})
    void goesFromOneWholeGenerationToTheNext(boolean delta) throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), delta, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(1, "A a=1; B b=1"));
            Update first = received.next();
            assertThat(first.generation()).isEqualTo(Views.generation(1));
            assertThat(first.change("A").changed()).extracting(Resource::name).containsExactly("a");
            assertThat(first.change("B").changed()).extracting(Resource::name).containsExactly("b");

            source.publish(Views.view(2, "A a=1; B b=2 c=1"));
            Update second = received.next();
            assertThat(second.changes()).containsOnlyKeys("B");
            assertThat(second.view().type("A").get("a")).isNotNull();
            assertThat(second.change("B").changed()).extracting(Resource::name).containsExactly("b", "c");

            source.publish(Views.view(3, "A; B b=2 c=1"));
            assertThat(received.next().change("A").removed()).containsExactly("a");
            source.publish(Views.view(4, "A; B b=2 c=1"));
            Update empty = received.next();
            assertThat(empty.changes()).isEmpty();
            Await.until("told", () -> client.status().generation().equals(Views.generation(4)));
        }
    }

    @Test
    void anEmptyMeshIsAStateToo() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(1, ""));
            assertThat(received.next().view().types()).containsOnlyKeys("A", "B");
            Await.until("synced", () -> client.status().synced());
        }
    }

    @Test
    void keepsWhatItHasAndTellsItToTheNextServer() throws InterruptedException {
        Held held = new Held(source);
        LoopbackServer first = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = first.port();
        try (var client = client(port, true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(1, "A a=1 x=1; B b=1"));
            received.next();
            first.close();
            Await.until("down", () -> !client.status().connected());
            assertThat(client.view().type("A").size()).isEqualTo(2);
            source.publish(Views.view(2, "A a=1; B b=2"));
            try (var second = new LoopbackServer(held, DeliveryOrder.NONE, port)) {
                Update update = received.next();
                assertThat(update.change("A").changed()).isEmpty();
                assertThat(update.change("A").removed()).containsExactly("x");
                assertThat(update.change("B").changed())
                        .extracting(Resource::version)
                        .containsExactly("2");
                assertThat(held.told).contains(Map.of("a", "1", "x", "1"), Map.of("b", "1"));
                assertThat(second.xds.streams()).hasSize(1);
            }
        }
    }

    @Test
    void doesNotGoBackUntilTheServerCatchesUp() throws InterruptedException {
        LoopbackServer first = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = first.port();
        try (var client = client(port, true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(5, "A a=5; B b=5"));
            received.next();
            first.close();
            MemorySource behind = new MemorySource();
            behind.publish(Views.view(3, "A a=3; B b=3"));
            try (var second = new LoopbackServer(behind, DeliveryOrder.NONE, port)) {
                assertThat(second.port()).isEqualTo(port);
                Await.until("held back", () -> client.status().heldBack());
                assertThat(client.view().generation()).isEqualTo(Views.generation(5));
                behind.publish(Views.view(6, "A a=3; B b=6"));
                Update update = received.next();
                assertThat(update.generation()).isEqualTo(Views.generation(6));
                // What came with generation 3 is in it, what generation 5 had is not.
                assertThat(update.view().type("A").resources())
                        .extracting(Resource::version)
                        .containsExactly("3");
            }
        }
    }

    @Test
    void aReplicaThatHoldsTheSameIsBelievedAtOnceWhateverItCountsTo() throws InterruptedException {
        LoopbackServer first = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = first.port();
        try (var client = client(port, true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(5, "A a=5; B b=5"));
            received.next();
            first.close();
            MemorySource replica = new MemorySource();
            replica.publish(Views.view(3, "A a=5; B b=5"));
            try (var second = new LoopbackServer(replica, DeliveryOrder.NONE, port)) {
                assertThat(second.port()).isEqualTo(port);
                assertThat(received.next().changes()).isEmpty();
                replica.publish(Views.view(4, "A a=6; B b=5"));
                assertThat(received.next().change("A").changed())
                        .extracting(Resource::version)
                        .containsExactly("6");
                assertThat(client.status().heldBack()).isFalse();
            }
        }
    }

    @Test
    void goesBackWhenPatienceIsOver() throws InterruptedException {
        LoopbackServer first = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = first.port();
        try (var client = client(port, true, Duration.ofMillis(50))) {
            client.start();
            source.publish(Views.view(5, "A a=5; B b=5"));
            received.next();
            first.close();
            MemorySource behind = new MemorySource();
            behind.publish(Views.view(3, "A a=3; B b=3"));
            try (var second = new LoopbackServer(behind, DeliveryOrder.NONE, port)) {
                assertThat(second.port()).isEqualTo(port);
                assertThat(received.next().generation()).isEqualTo(Views.generation(3));
            }
        }
    }

    @Test
    void aLaterEpochCountsFromAnew() throws InterruptedException {
        LoopbackServer first = LoopbackServer.replaceable(source, DeliveryOrder.NONE);
        int port = first.port();
        try (var client = client(port, true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(5, "A a=5; B b=5"));
            received.next();
            first.close();
            MemorySource later = new MemorySource();
            later.publish(new View(
                    new Generation(2, Map.of("s", 1L)), Views.view(0, "A a=6").types()));
            try (var second = new LoopbackServer(later, DeliveryOrder.NONE, port)) {
                assertThat(second.port()).isEqualTo(port);
                assertThat(received.next().generation().epoch()).isEqualTo(2);
            }
        }
    }

    @Test
    void refusesOneResourceAndTakesTheOthers() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true, Duration.ofMinutes(1))) {
            client.start();
            source.publish(Views.view(1, "A a=1; B b=1"));
            received.next();
            source.publish(Views.view(2, "A a=bad c=1; B b=1"));
            Update update = received.next();
            assertThat(update.change("A").changed()).extracting(Resource::name).containsExactly("c");
            assertThat(client.view().type("A").resources())
                    .extracting(Resource::version)
                    .containsExactly("1", "1");
            Await.until(
                    "the server knows",
                    () -> server.xds.streams().getFirst().types().stream()
                            .anyMatch(type -> type.message().equals("a: bad indeed")));
        }
    }

    private DiscoveryClient client(int port, boolean delta, Duration patience) {
        ClientSettings settings = new ClientSettings(
                NODE, Set.of("A", "B"), delta, Duration.ofMillis(5), Duration.ofMillis(50), patience);
        return new DiscoveryClient(
                settings,
                () -> LoopbackServer.channel(port),
                received,
                any -> Views.content(any).split("=", -1)[0]);
    }

    private static final class Received implements UpdateListener {
        private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();

        @Override
        public void apply(Update update) {
            updates.add(update);
        }

        @Override
        public Optional<String> refuse(String typeUrl, Resource resource) {
            return resource.version().equals("bad") ? Optional.of("bad indeed") : Optional.empty();
        }

        Update next() throws InterruptedException {
            Update update = updates.poll(60, TimeUnit.SECONDS);
            assertThat(update).isNotNull();
            return update;
        }
    }

    /** Notes what clients say that they hold. */
    private record Held(DiscoverySource source, ConcurrentLinkedQueue<Map<String, String>> told)
            implements DiscoverySource {
        Held(DiscoverySource source) {
            this(source, new ConcurrentLinkedQueue<>());
        }

        @Override
        public Session open(StreamInfo stream, Consumer<View> views) throws io.flotilla.discovery.DiscoveryRefused {
            Session session = source.open(stream, views);
            return new Session() {
                @Override
                public void subscribed(String typeUrl, Collection<String> names, Map<String, String> held) {
                    told.add(held);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }
}
