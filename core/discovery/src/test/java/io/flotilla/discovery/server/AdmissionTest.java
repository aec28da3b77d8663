package io.flotilla.discovery.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.discovery.Await;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Views;
import io.flotilla.discovery.client.ManualStream;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many streams at once, and some that do not read. */
class AdmissionTest {
    private static final Node NODE = Node.newBuilder().setId("sidecar~1").build();
    private static final Duration SOON = Duration.ofSeconds(60);

    private final MemorySource source = new MemorySource();

    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static StreamLimits limits(int admitted, int waiting, Duration unread) {
        return new StreamLimits(admitted, waiting, unread);
    }

    @Test
    void firstPushesAreMadeAFewAtATimeAndEverybodyGetsOne() throws InterruptedException {
        source.publish(Views.view(1, "T a=1"));
        AtomicInteger building = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore built = new Semaphore(0);
        DiscoverySource slow = (stream, views) -> {
            most.accumulateAndGet(building.incrementAndGet(), Math::max);
            built.acquireUninterruptibly();
            building.decrementAndGet();
            return source.open(stream, views);
        };
        List<ManualStream> streams = new ArrayList<>();
        try (var server = new LoopbackServer(slow, limits(4, 1_000, SOON))) {
            ManagedChannel channel = server.channel();
            channels.add(channel);
            for (int i = 0; i < 30; i++) {
                ManualStream stream = new ManualStream(channel, NODE);
                streams.add(stream);
                stream.subscribe("T");
            }
            // All come from one machine: three quarters are for it.
            Await.until("three are served, the others wait", () -> server.xds.waiting() == 27 && building.get() == 3);
            built.release(30);
            for (ManualStream stream : streams) {
                assertThat(stream.next(SOON)).isPresent();
            }
            assertThat(most.get()).isLessThanOrEqualTo(3);
            Await.until("all places are free", () -> server.xds.admissions().used() == 0);
        } finally {
            streams.forEach(ManualStream::close);
        }
    }

    @Test
    void oneMoreThanMayWaitIsToldToTryAgain() {
        Semaphore built = new Semaphore(0);
        DiscoverySource stalled = (stream, views) -> {
            built.acquireUninterruptibly();
            return source.open(stream, views);
        };
        List<ManualStream> streams = new ArrayList<>();
        try (var server = new LoopbackServer(stalled, limits(1, 2, SOON))) {
            ManagedChannel channel = server.channel();
            channels.add(channel);
            for (int i = 0; i < 4; i++) {
                ManualStream stream = new ManualStream(channel, NODE);
                streams.add(stream);
                stream.subscribe("T");
                int waiting = Math.min(i, 2);
                Await.until("it waits", () -> server.xds.waiting() == waiting);
            }
            Await.until("refused", () -> streams.get(3).over());
            assertThat(streams.get(3).failure().orElseThrow()).hasMessageContaining("RESOURCE_EXHAUSTED");
        } finally {
            built.release(4);
            streams.forEach(ManualStream::close);
        }
    }

    @Test
    void aClientThatReadsNothingIsCutOffWhileOthersAreServed() throws Exception {
        source.publish(Views.large(1, 64, 64 << 10));
        // As long as a busy machine may keep the one that does read from reading.
        Duration unreadFor = Duration.ofSeconds(8);
        try (var server = new LoopbackServer(source, limits(4, 10, unreadFor))) {
            ManagedChannel deaf = server.channel();
            UnreadStream unread = new UnreadStream(deaf, NODE, "T");
            Await.until("open", () -> !server.xds.streams().isEmpty());
            channels.add(server.channel());
            try (var stream = new ManualStream(channels.getFirst(), NODE)) {
                stream.subscribe("T");
                int got = 0;
                while (got < 64) {
                    got += stream.next(SOON).orElseThrow().getResourcesCount();
                }
            }
            Await.until("cut off", () -> server.xds.unread() == 1);
            Await.until(
                    "nothing of it is left",
                    () -> server.xds.streams().isEmpty()
                            && server.xds.inFlight().used() == 0);
            // What it had received before comes first, if it ever reads.
            unread.read();
            assertThat(unread.end.get(SOON.toSeconds(), TimeUnit.SECONDS).getCode())
                    .isNotEqualTo(Status.Code.OK);
            deaf.shutdownNow();
        }
    }
}
