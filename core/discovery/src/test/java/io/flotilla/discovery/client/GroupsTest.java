package io.flotilla.discovery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.flotilla.discovery.Groups;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.LoopbackServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that holds some groups of a type that comes in groups, and all of another. */
class GroupsTest {
    private static final String SLICES = "flotilla.registry.v1/EndpointSlice";
    private static final int CHANGES = 200;

    private final MemorySource source = new MemorySource();
    private final BlockingQueue<Update> updates = new LinkedBlockingQueue<>();
    private final Map<Long, View> published = new HashMap<>();
    private ResourceSet before = ResourceSet.EMPTY;

    @Test
    void holdsTheGroupsThatItWantsAndAllOfOtherTypes() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true)) {
            client.want(Groups.of(Set.of("a")));
            client.start();
            source.publish(Views.view(1, SLICES + " a/x=1 ab/x=1 b/y=1; B b=1"));
            Update first = next();
            assertThat(names(first)).containsExactly("a/x");
            assertThat(first.view().type("B").size()).isEqualTo(1);
            assertThat(Groups.of(first.view())).isEqualTo(Groups.of(Set.of("a")));

            source.publish(Views.view(2, SLICES + " a/x=1 a/z=1 ab/x=2 b/y=2; B b=1"));
            assertThat(next().change(SLICES).changed())
                    .extracting(Resource::name)
                    .containsExactly("a/z");
            source.publish(Views.view(3, SLICES + " a/z=1 ab/x=2 b/y=3; B b=1"));
            Update third = next();
            assertThat(third.change(SLICES).removed()).containsExactly("a/x");
            assertThat(third.generation()).isEqualTo(Views.generation(3));
            source.publish(Views.view(4, SLICES + " a/z=1 ab/x=2 b/y=4; B b=1"));
            Update fourth = next();
            assertThat(fourth.changes()).as("of another group").isEmpty();
            assertThat(fourth.generation()).isEqualTo(Views.generation(4));
        }
    }

    @Test
    void asksForMoreAndGivesUpOthersInOneStep() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true)) {
            client.want(Groups.of(Set.of("a")));
            client.start();
            source.publish(Views.view(1, SLICES + " a/x=1 b/y=1 c/z=1; B b=1"));
            next();
            client.want(Groups.of(Set.of("b", "empty")));
            Update other = next();
            assertThat(names(other)).containsExactly("b/y");
            assertThat(other.change(SLICES).removed()).containsExactly("a/x");
            assertThat(other.generation()).isEqualTo(Views.generation(1));
            client.want(Groups.ALL);
            Update all = next();
            assertThat(names(all)).containsExactly("a/x", "b/y", "c/z");
            assertThat(all.change(SLICES).changed()).extracting(Resource::name).containsExactly("a/x", "c/z");
            assertThat(Groups.of(all.view())).isEqualTo(Groups.ALL);
            client.want(Groups.of(Set.of()));
            assertThat(names(next())).isEmpty();
            assertThat(client.status().connected()).isTrue();
        }
    }

    @Test
    void thatAGroupIsEmptyIsToldToo() throws InterruptedException {
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true)) {
            client.want(Groups.of(Set.of("a")));
            client.start();
            source.publish(Views.view(1, SLICES + " a/x=1; B b=1"));
            next();
            client.want(Groups.of(Set.of("a", "empty")));
            Update same = next();
            assertThat(names(same)).containsExactly("a/x");
            assertThat(Groups.of(same.view()).has("empty")).isTrue();
        }
    }

    /** Every state is one that the source had, as far as the groups go, whatever is wanted meanwhile. */
    @Test
    void everyStateIsOneThatTheSourceHad() throws InterruptedException {
        Random random = new Random(11);
        try (var server = new LoopbackServer(source, DeliveryOrder.NONE);
                var client = client(server.port(), true)) {
            client.want(Groups.of(Set.of("g0")));
            client.start();
            published.put(0L, Views.view(0, "B b=0"));
            source.publish(Views.view(0, "B b=0"));
            Groups wanted = Groups.ALL;
            Update last = follow(next());
            for (long i = 1; i <= CHANGES; i++) {
                View view = new View(Views.generation(i), Map.of(SLICES, slices(random, i), "B", Views.set("b=" + i)));
                published.put(i, view);
                source.publish(view);
                if (i % 3 == 0 || i == CHANGES) {
                    wanted = random.nextInt(6) == 0
                            ? Groups.ALL
                            : Groups.of(Stream.of("g0", "g1", "g2", "g3")
                                    .filter(group -> random.nextBoolean())
                                    .toList());
                    client.want(wanted);
                }
                if (i % 2 == 0) {
                    last = follow(next());
                }
            }
            while (!last.generation().equals(Views.generation(CHANGES))
                    || !Groups.of(last.view()).equals(wanted)) {
                last = follow(next());
            }
        }
    }

    /** Looks at a step, and makes it. */
    private Update follow(Update update) {
        View truth = Objects.requireNonNull(published.get(
                update.generation().sequences().values().iterator().next()));
        Groups held = Groups.of(update.view());
        assertThat(update.view().type(SLICES).resources())
                .as("groups %s of %s", held, update.generation())
                .isEqualTo(held.within(SLICES, truth.type(SLICES)).resources());
        assertThat(update.view().type("B").resources())
                .isEqualTo(truth.type("B").resources());
        ResourceDiff change = update.change(SLICES);
        assertThat(before.with(change.changed(), change.removed()).version())
                .as("changes lead from one to the next")
                .isEqualTo(update.view().type(SLICES).version());
        before = update.view().type(SLICES);
        return update;
    }

    private static ResourceSet slices(Random random, long version) {
        return Views.set(Stream.of("g0", "g1", "g2", "g3")
                .flatMap(group -> Stream.of("/x", "/y", "/z").map(name -> group + name))
                .filter(name -> random.nextInt(3) > 0)
                .map(name -> name + "=" + (random.nextBoolean() ? 0 : version))
                .toArray(String[]::new));
    }

    @Test
    void whatIsHeldIsKeptForTheNextRun(@TempDir Path folder) throws Exception {
        SavedState saved = new SavedState(folder);
        Map<String, ResourceSet> types = Map.of(SLICES, Views.set("a/x=1"));
        saved.write(Groups.of(Set.of("a")).view(Views.generation(1), types));
        assertThat(Groups.of(new SavedState(folder).read().orElseThrow())).isEqualTo(Groups.of(Set.of("a")));
        saved.write(Groups.of(Set.of("a", "b")).view(Views.generation(2), types));
        assertThat(Groups.of(new SavedState(folder).read().orElseThrow())).isEqualTo(Groups.of(Set.of("a", "b")));
        saved.write(Groups.ALL.view(Views.generation(3), types));
        assertThat(Groups.of(new SavedState(folder).read().orElseThrow())).isEqualTo(Groups.ALL);
    }

    @Test
    void aServerThatKnowsNoGroupsIsAskedForAll() throws Exception {
        Server old = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Ungrouped())
                .build()
                .start();
        try (var client = client(old.getPort(), true)) {
            client.want(Groups.of(Set.of("a")));
            client.start();
            Update all = next();
            assertThat(names(all)).containsExactly("a/x", "b/y");
            assertThat(Groups.of(all.view())).isEqualTo(Groups.ALL);
        } finally {
            old.shutdownNow();
        }
    }

    /** Takes names for those of resources, as a server does that has not heard of groups. */
    private static final class Ungrouped extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                StreamObserver<DeltaDiscoveryResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DeltaDiscoveryRequest request) {
                    List<String> names = request.getResourceNamesSubscribeList();
                    if (!names.isEmpty()) {
                        responses.onNext(answer(request.getTypeUrl(), names));
                    }
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }

        private static DeltaDiscoveryResponse answer(String typeUrl, List<String> names) {
            DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(typeUrl)
                    .setNonce("1")
                    .setSystemVersionInfo("1;s=1-0");
            if (!names.contains("*")) {
                return response.addAllRemovedResources(names).build();
            }
            if (typeUrl.equals(SLICES)) {
                for (Resource each : Views.set("a/x=1", "b/y=1").resources()) {
                    response.addResources(io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
                            .setName(each.name())
                            .setVersion(each.version()));
                }
            }
            return response.build();
        }
    }

    @Test
    void areAskedForOverDeltaAlone() {
        try (var client = client(1, false)) {
            Groups some = Groups.of(Set.of("a"));
            assertThatThrownBy(() -> client.want(some)).hasMessageContaining("delta");
        }
    }

    private static List<String> names(Update update) {
        return update.view().type(SLICES).resources().stream()
                .map(Resource::name)
                .toList();
    }

    private Update next() throws InterruptedException {
        Update update = updates.poll(60, TimeUnit.SECONDS);
        assertThat(update).isNotNull();
        return update;
    }

    private DiscoveryClient client(int port, boolean delta) {
        ClientSettings settings = new ClientSettings(
                Node.getDefaultInstance(),
                Set.of(SLICES, "B"),
                delta,
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMinutes(1));
        return new DiscoveryClient(settings, () -> LoopbackServer.channel(port), updates::add);
    }
}
