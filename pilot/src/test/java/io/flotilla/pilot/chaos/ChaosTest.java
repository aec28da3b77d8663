package io.flotilla.pilot.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshFeed;
import io.flotilla.pilot.push.Rounds;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.pilot.world.Eventually;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A thousand random edits, through the feed, the snapshot, the views and real streams; proxies are quick or slow, speak
 * delta or state of the world, and come back in between.
 */
class ChaosTest {
    private static final int EDITS = 1_000;
    private static final int PROXIES = 9;
    private static final int SLOW_MILLIS = 7;

    private final long seed = Long.getLong("flotilla.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ChaosMesh mesh = new ChaosMesh(random);
    private final Trace trace = new Trace(mesh);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Views views =
            new Views(Tuning.defaults(), Duration.ofMinutes(10), InstantSource.system(), (type, streams) -> {});
    private static final List<AdsClient.Mode> MODES = List.of(AdsClient.Mode.values());

    private final Rounds rounds = new Rounds(views);
    private final MeshFeed feed = new MeshFeed(MeshSettings.defaults(), null, rounds::submit);
    private final XdsServer xds = new XdsServer(
            new ProxySource(views, MeshSettings.defaults(), new NoReceipts()), DeliveryOrder.ENVOY, "chaos");
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(xds.aggregated())
            .build();

    private static final class NoReceipts implements ProxySource.Receipts {
        @Override
        public void accepted(String typeUrl, Generation generation) {}

        @Override
        public void rejected(String proxy, String typeUrl, String message) {}
    }

    @AfterEach
    void stop() {
        xds.close();
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
        rounds.close();
        feed.close();
        timer.shutdownNow();
    }

    @Test
    void everyProxyEndsWithWhatAFreshOneGetsAndNeverSeesAStepBack() throws Exception {
        System.out.println("chaos seed " + seed + " (-Dflotilla.chaos.seed)");
        server.start();
        rounds.start();
        feed.apply(mesh.first());
        List<AdsClient> proxies = new ArrayList<>();
        for (int i = 0; i < PROXIES; i++) {
            proxies.add(client("p" + i, MODES.get(i % MODES.size()), i % 2 == 0 ? 0 : SLOW_MILLIS));
        }
        proxies.forEach(AdsClient::connect);
        for (int done = 0; done < EDITS; done++) {
            feed.apply(mesh.edit());
            if (random.nextInt(20) == 0) {
                AdsClient proxy = proxies.get(random.nextInt(PROXIES));
                proxy.disconnect();
                proxy.connect();
            }
            if (random.nextInt(3) == 0) {
                awaitViews();
            }
        }
        awaitViews();
        for (AdsClient.Mode mode : AdsClient.Mode.values()) {
            Map<String, Map<String, Any>> fresh = fresh(mode);
            for (AdsClient proxy : proxies) {
                if (proxy.mode == mode) {
                    assertThat(Eventually.get(proxy::held, fresh::equals))
                            .as("seed " + seed + ", " + proxy.name + " " + mode)
                            .isEqualTo(fresh);
                }
            }
        }
        assertThat(trace.violations()).as("seed " + seed).isEmpty();
        assertThat(trace.responses()).as("something was seen").isGreaterThan(EDITS);
    }

    private void awaitViews() throws Exception {
        long wanted = mesh.generation();
        assertThat(Eventually.get(
                        () -> views.mesh()
                                .map(state -> state.generation().sequences().get("chaos"))
                                .orElse(0L),
                        now -> now == wanted))
                .isEqualTo(wanted);
    }

    private Map<String, Map<String, Any>> fresh(AdsClient.Mode mode) throws Exception {
        AdsClient fresh = client("fresh-" + mode, mode, 0);
        fresh.connect();
        Map<String, Map<String, Any>> held = Eventually.get(
                fresh::held,
                now -> now.getOrDefault(TypeUrls.ENDPOINT, Map.of()).size()
                                == now.getOrDefault(TypeUrls.CLUSTER, Map.of()).keySet().stream()
                                        .filter(name -> name.startsWith("outbound|"))
                                        .count()
                        && now.containsKey(TypeUrls.LISTENER)
                        && now.containsKey(mode == AdsClient.Mode.HOSTS ? TypeUrls.VIRTUAL_HOST : TypeUrls.ROUTE));
        assertThat(held).containsKeys(TypeUrls.CLUSTER, TypeUrls.ENDPOINT, TypeUrls.LISTENER, TypeUrls.ROUTE);
        return held;
    }

    private AdsClient client(String name, AdsClient.Mode mode, int delayMillis) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .build();
        channels.add(channel);
        return new AdsClient(name, mode, channel, timer, delayMillis, trace);
    }
}
