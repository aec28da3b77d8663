package io.flotilla.e2e.kube;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.feed.Collections;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.e2e.mesh.Eventually;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Reads everything that a Galley serves, over its restarts, and remembers what it was told is gone. */
public final class Consumer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Set<String> removed = new ConcurrentSkipListSet<>();
    private final DiscoveryClient client;

    public Consumer(int port) {
        Node node = Node.newBuilder().setId("e2e").build();
        this.client = new DiscoveryClient(
                        ClientSettings.of(node, Set.copyOf(Collections.typeUrls())),
                        () -> NettyChannelBuilder.forAddress("127.0.0.1", port)
                                .usePlaintext()
                                .build(),
                        new UpdateListener() {
                            @Override
                            public void apply(Update update) {
                                update.changes()
                                        .forEach((type, change) ->
                                                change.removed().forEach(name -> removed.add(type + " " + name)));
                            }
                        })
                .start();
    }

    /** Names of a collection's resources. */
    public Set<String> names(String typeUrl) {
        return client.view().type(typeUrl).byName().keySet();
    }

    public void awaitPresent(String typeUrl, String name) {
        Eventually.holds(
                LIMIT, () -> names(typeUrl).toString(), () -> names(typeUrl).contains(name));
    }

    public void awaitAbsent(String typeUrl, String name) {
        Eventually.holds(
                LIMIT, () -> names(typeUrl).toString(), () -> !names(typeUrl).contains(name));
    }

    /** "TYPE NAME" of everything that was ever taken back. */
    public Set<String> removed() {
        return removed;
    }

    @Override
    public void close() {
        client.close();
    }
}
