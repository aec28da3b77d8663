package io.flotilla.pilot.chaos;

import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshFeed;
import io.flotilla.pilot.push.Rounds;
import io.flotilla.pilot.push.Views;
import io.flotilla.pilot.serve.ProxySource;
import io.flotilla.service.GrpcServers;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A Pilot without Galley and Quarkus, which may be some updates behind the others. */
final class Replica implements AutoCloseable {
    final Views views =
            new Views(Tuning.defaults(), Duration.ofMinutes(10), InstantSource.system(), (type, streams) -> {});
    private final Rounds rounds = new Rounds(views);
    private final MeshFeed feed = new MeshFeed(MeshSettings.defaults(), null, state -> {
        rounds.submit(state);
        return true;
    });
    private final XdsServer xds = new XdsServer(
            new ProxySource(views, MeshSettings.defaults(), new NoReceipts()), DeliveryOrder.ENVOY, "chaos");
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Deque<Update> behind = new ArrayDeque<>();
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

    Replica start() throws IOException {
        server.start();
        rounds.start();
        return this;
    }

    /** Takes an update, and keeps so many of the last ones for later. */
    void apply(Update update, int late) {
        behind.add(update);
        while (behind.size() > late) {
            feed.apply(behind.remove());
        }
    }

    /** Is no longer behind. */
    void catchUp() {
        while (!behind.isEmpty()) {
            feed.apply(behind.remove());
        }
    }

    /** A connection of its own. */
    ManagedChannel channel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        xds.close();
        channels.forEach(ManagedChannel::shutdownNow);
        GrpcServers.close(List.of(server), Duration.ZERO);
        rounds.close();
        feed.close();
    }
}
