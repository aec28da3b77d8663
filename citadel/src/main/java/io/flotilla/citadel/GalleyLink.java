package io.flotilla.citadel;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.citadel.revoke.DistributedRevocations;
import io.flotilla.citadel.revoke.RevocationBook;
import io.flotilla.discovery.client.ClientSettings;
import io.flotilla.discovery.client.DiscoveryClient;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.flotilla.service.MeshTls;
import io.grpc.ManagedChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stream on which Galley tells what is revoked. It comes back for ever: Galley starts after Citadel. */
final class GalleyLink implements AutoCloseable {
    private static final String TLS = "xds+tls://";
    private static final String PLAINTEXT = "xds://";

    private final DiscoveryClient client;

    private GalleyLink(DiscoveryClient client) {
        this.client = client;
    }

    /** Connects where the settings name a Galley and there is somebody to tell. */
    static @Nullable GalleyLink start(
            CitadelSettings settings, CurrentIdentity own, @Nullable RevocationBook revocations) {
        if (settings.config().isEmpty() || !(revocations instanceof DistributedRevocations distributed)) {
            return null;
        }
        Node node = Node.newBuilder()
                .setId("citadel")
                .setCluster(settings.namespace())
                .build();
        return new GalleyLink(new DiscoveryClient(
                        ClientSettings.of(node, Set.of(DistributedRevocations.TYPE)),
                        () -> channel(settings.config().get(), settings.namespace(), own),
                        distributed)
                .start());
    }

    private static ManagedChannel channel(String address, String namespace, CurrentIdentity own) {
        if (address.startsWith(TLS)) {
            return GrpcChannels.tls(
                            HostPort.parse(address.substring(TLS.length())),
                            "istio-galley." + namespace + ".svc",
                            MeshTls.client(own))
                    .build();
        }
        if (!address.startsWith(PLAINTEXT)) {
            throw new IllegalStateException("flotilla.config is \"" + address + "\", but must be xds:// or xds+tls://");
        }
        return GrpcChannels.plaintext(HostPort.parse(address.substring(PLAINTEXT.length())))
                .build();
    }

    @Override
    public void close() {
        client.close();
    }
}
