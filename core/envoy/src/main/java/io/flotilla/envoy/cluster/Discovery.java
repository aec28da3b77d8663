package io.flotilla.envoy.cluster;

import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.ProxyView;

/** How a cluster finds its endpoints. */
public enum Discovery {
    /** From Pilot. */
    EDS,
    /** The address that the caller asked for. */
    ORIGINAL_DESTINATION,
    /** All addresses of the names. */
    STRICT_DNS,
    /** One address at a time of one name. */
    LOGICAL_DNS,
    /** The addresses of the name that the caller asks for. */
    DYNAMIC_DNS;

    /**
     * The way for one service. A headless service's caller has chosen the pod, so its choice holds where the proxy can
     * know it.
     */
    public static Discovery of(MeshService service, ProxyView view) {
        return switch (service.resolution()) {
            case REGISTRY -> headless(service) && view.knowsOriginalDestination() ? ORIGINAL_DESTINATION : EDS;
            case PASSTHROUGH -> view.knowsOriginalDestination() ? ORIGINAL_DESTINATION : EDS;
            case DNS -> STRICT_DNS;
            case DNS_ROUND_ROBIN -> LOGICAL_DNS;
            case DYNAMIC_DNS -> DYNAMIC_DNS;
        };
    }

    /** The way for one of its ports: connections that bring no name go where the caller asked them to go. */
    public static Discovery of(MeshService service, ServicePort port, ProxyView view) {
        Discovery whole = of(service, view);
        boolean nameless = whole == DYNAMIC_DNS && !named(port.protocol());
        return nameless && view.knowsOriginalDestination() ? ORIGINAL_DESTINATION : whole;
    }

    /** Whether what callers ask for on this port is looked up as they ask. */
    public static boolean dynamic(MeshService service, ServicePort port) {
        return service.resolution() == MeshService.Resolution.DYNAMIC_DNS && named(port.protocol());
    }

    private static boolean named(Protocol protocol) {
        return protocol.isHttp() || protocol == Protocol.HTTPS || protocol == Protocol.TLS;
    }

    /**
     * A service of the platform without an address of its own, whose pods callers choose by their names or addresses. A
     * ServiceEntry's hosts are none: they name themselves.
     */
    public static boolean headless(MeshService service) {
        boolean chosen = service.resolution() == MeshService.Resolution.PASSTHROUGH
                || service.resolution() == MeshService.Resolution.REGISTRY;
        return chosen
                && service.addresses().isEmpty()
                && !service.external()
                && !service.name().equals(service.hostname());
    }
}
