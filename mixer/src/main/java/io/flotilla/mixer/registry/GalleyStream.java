package io.flotilla.mixer.registry;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GalleyChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Mixer's stream from Galley: the registry, what declares services, and who is revoked. */
public final class GalleyStream {

    /** What joins need, and whom to refuse; routing is Pilot's business. */
    private static final Set<String> TYPES = Set.of(
            "core/v1alpha1/MeshConfig",
            "flotilla.registry.v1/Namespace",
            "flotilla.registry.v1/Service",
            "flotilla.registry.v1/EndpointSlice",
            "flotilla.registry.v1/Workload",
            "networking.istio.io/v1alpha3/ServiceEntry",
            "security.flotilla.io/v1/Revocation");

    private GalleyStream() {}

    /**
     * Connects, and comes back for ever until it is closed.
     *
     * @param config    xds://HOST:PORT, or xds+tls://HOST:PORT, which needs an identity
     * @param namespace of the control plane
     */
    public static DiscoveryClient open(
            String config, String namespace, @Nullable CurrentIdentity identity, RegistryFeed feed) {
        Node node = Node.newBuilder().setId("mixer").setCluster(namespace).build();
        return new DiscoveryClient(
                        ClientSettings.of(node, TYPES), () -> GalleyChannel.open(config, namespace, identity), feed)
                .start();
    }
}
