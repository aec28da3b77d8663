package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;

/**
 * What is reached through one listener of a Sidecar (IstioEgressListener), or through all where there is no Sidecar.
 *
 * @param listener        port, bind and captureMode; without a port it stands for all ports that no other listener has
 * @param services        sorted by hostname; of a listener's port alone, with the listener's protocol
 * @param virtualServices oldest first
 */
public record Egress(
        IstioEgressListener listener, List<MeshService> services, List<Config<VirtualService>> virtualServices) {
    private static final String HTTP_PROXY = "HTTP_PROXY";

    public Egress {
        services = List.copyOf(services);
        virtualServices = List.copyOf(virtualServices);
    }

    /** It stands for all ports and addresses. */
    public boolean everywhere() {
        return !listener.hasPort();
    }

    /** Clients use it as a proxy and name host and port themselves. */
    public boolean explicitProxy() {
        return isProxy(listener);
    }

    static boolean isProxy(IstioEgressListener listener) {
        return listener.getPort().getProtocol().equalsIgnoreCase(HTTP_PROXY);
    }
}
