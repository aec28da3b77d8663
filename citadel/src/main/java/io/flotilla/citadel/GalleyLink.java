package io.flotilla.citadel;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.citadel.federation.PeerRoots;
import io.flotilla.citadel.revoke.DistributedRevocations;
import io.flotilla.citadel.revoke.RevocationBook;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GalleyChannel;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stream on which Galley tells what is revoked and which other meshes are believed. It comes back for ever: Galley
 * starts after Citadel.
 */
final class GalleyLink implements AutoCloseable {

    private final DiscoveryClient client;

    private GalleyLink(DiscoveryClient client) {
        this.client = client;
    }

    /** Connects where the settings name a Galley. */
    static @Nullable GalleyLink start(
            CitadelSettings settings, CurrentIdentity own, @Nullable RevocationBook revocations, PeerRoots peers) {
        if (settings.config().isEmpty()) {
            return null;
        }
        List<UpdateListener> told = revocations instanceof DistributedRevocations distributed
                ? List.of(distributed, peers)
                : List.of(peers);
        Set<String> types = revocations instanceof DistributedRevocations
                ? Set.of(DistributedRevocations.TYPE, PeerRoots.TYPE)
                : Set.of(PeerRoots.TYPE);
        Node node = Node.newBuilder()
                .setId("citadel")
                .setCluster(settings.namespace())
                .build();
        return new GalleyLink(new DiscoveryClient(
                        ClientSettings.of(node, types),
                        () -> GalleyChannel.open(settings.config().get(), settings.namespace(), own),
                        new All(told))
                .start());
    }

    /** Tells several, each of what it wants. */
    private record All(List<UpdateListener> listeners) implements UpdateListener {
        @Override
        public void apply(Update update) {
            listeners.forEach(each -> each.apply(update));
        }

        @Override
        public void connection(boolean up, String reason) {
            listeners.getFirst().connection(up, reason);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
