package io.flotilla.envoy.patch;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What matches look at beside the message itself.
 *
 * @param router       an edge: everything of it is in context GATEWAY
 * @param inboundHosts hostnames of the services behind each inbound port
 * @param edges        servers whose requests a RouteConfiguration of an edge is for, by its name
 */
public record Surroundings(
        boolean router, Map<Integer, Set<String>> inboundHosts, Map<String, List<EdgeServerName>> edges) {
    /**
     * A server of a Gateway.
     *
     * @param gateway "NAMESPACE/NAME"
     */
    public record EdgeServerName(int port, String portName, String gateway) {}

    public Surroundings {
        inboundHosts = Map.copyOf(inboundHosts);
        edges = Map.copyOf(edges);
    }

    /** The context of a part of a sidecar or an edge. */
    PatchContext context(boolean inbound) {
        return router ? PatchContext.GATEWAY : inbound ? PatchContext.SIDECAR_INBOUND : PatchContext.SIDECAR_OUTBOUND;
    }

    static boolean fits(Patch patch, PatchContext here) {
        PatchContext wanted = patch.match().getContext();
        return wanted == PatchContext.ANY || wanted == here;
    }
}
