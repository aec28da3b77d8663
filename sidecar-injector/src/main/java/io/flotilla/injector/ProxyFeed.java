package io.flotilla.injector;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.SavedState;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What Galley says of how proxies start: MeshConfig, ProxyConfigs, EnvoyFilters. What is known stays while Galley is away,
 * and is kept for the next start where a folder is given.
 */
final class ProxyFeed implements UpdateListener, AutoCloseable {
    private static final Logger LOG = Logger.getLogger("injector");

    private final Optional<SavedState> saved;
    private final Consumer<List<Config<?>>> objects;
    private @Nullable DiscoveryClient client;

    /**
     * @param saved   where the state is kept
     * @param objects gets all of them, at once and after each change
     */
    ProxyFeed(Optional<SavedState> saved, Consumer<List<Config<?>>> objects) {
        this.saved = saved;
        this.objects = objects;
    }

    /** Begins with the state of the last run, and follows Galley until it is closed. */
    void start(String namespace, Supplier<ManagedChannel> channel) {
        saved.flatMap(SavedState::read).ifPresent(view -> objects.accept(read(view)));
        Node node = Node.newBuilder()
                .setId("sidecar-injector")
                .setCluster(namespace)
                .build();
        client = new DiscoveryClient(ClientSettings.of(node, MeshProxies.TYPES), channel, this).start();
    }

    @Override
    public void apply(Update update) {
        objects.accept(read(update.view()));
        if (saved.isPresent()) {
            try {
                saved.get().write(update.view());
            } catch (IOException e) {
                LOG.warnf("what Galley says of proxies could not be kept for the next start: %s", e.getMessage());
            }
        }
    }

    @Override
    public void connection(boolean up, String reason) {
        LOG.info(up ? "connected to Galley" : "lost Galley: " + reason);
    }

    private static List<Config<?>> read(View view) {
        List<Config<?>> read = new ArrayList<>();
        view.types()
                .forEach((type, resources) -> read.addAll(Envelopes.read(
                        type,
                        resources.byName().values().stream().map(Resource::any).toList())));
        return read;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
