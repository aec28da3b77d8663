package io.flotilla.envoy.cluster;

import io.flotilla.config.snapshot.MeshService;
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
    LOGICAL_DNS;

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
        };
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
