package io.flotilla.injector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.MemorySource;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.SavedState;
import io.flotilla.discovery.server.DeliveryOrder;
import io.flotilla.discovery.server.XdsServer;
import io.flotilla.service.GalleyChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the injector hears from Galley, and what it knows when Galley is away. */
class ProxyFeedTest {
    @TempDir
    private Path folder;

    private final MemorySource source = new MemorySource();
    private final BlockingQueue<List<Config<?>>> heard = new LinkedBlockingQueue<>();

    private void publish(long sequence, String name) {
        Config<Message> config = new Config<>(
                ObjectKey.of(Kind.PROXY_CONFIG, "default", name),
                ProxyConfig.getDefaultInstance(),
                Map.of(),
                Map.of(),
                Instant.EPOCH,
                "1",
                Origin.NONE);
        source.publish(new View(
                new Generation(1, Map.of("test", sequence)),
                Map.of(
                        Collections.of(Kind.PROXY_CONFIG).orElseThrow().typeUrl(),
                        ResourceSet.of(List.of(Resource.of(config.key().resourceName(), Envelopes.wrap(config)))))));
    }

    private String next() throws InterruptedException {
        @Nullable List<Config<?>> objects = heard.poll(60, TimeUnit.SECONDS);
        assertThat(objects).isNotNull().hasSize(1);
        return objects.getFirst().name();
    }

    @Test
    void objectsAreFollowedAndKnownAtTheNextStartWithoutGalley() throws Exception {
        publish(1, "first");
        XdsServer xds = new XdsServer(source, DeliveryOrder.NONE, "galley");
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(xds.aggregated())
                .build()
                .start();
        String galley = "xds://127.0.0.1:" + server.getPort();
        SavedState saved = new SavedState(folder);
        try (ProxyFeed feed = new ProxyFeed(Optional.of(saved), heard::add)) {
            feed.start("istio-system", () -> GalleyChannel.open(galley, "istio-system", null));
            assertThat(next()).isEqualTo("first");
            publish(2, "second");
            assertThat(next()).isEqualTo("second");
            // The third tells that the second was kept: it is written before the next one is taken.
            publish(3, "third");
            assertThat(next()).isEqualTo("third");
        } finally {
            server.shutdownNow().awaitTermination();
            xds.close();
        }
        try (ProxyFeed feed = new ProxyFeed(Optional.of(saved), heard::add)) {
            feed.start("istio-system", () -> GalleyChannel.open(galley, "istio-system", null));
            assertThat(next()).isIn("second", "third");
        }
    }
}
