package io.flotilla.envoy.patch;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.PatchContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What matches look at beside the message itself.
 *
 * @param router       an edge: everything of it is in context GATEWAY
 * @param inboundHosts hostnames of the services behind each inbound port
 * @param edges        servers whose requests a RouteConfiguration of an edge is for, by its name
 * @param ports        that have the names which patches ask for
 */
public record Surroundings(
        boolean router,
        Map<Integer, Set<String>> inboundHosts,
        Map<String, List<EdgeServerName>> edges,
        PortNames ports) {
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

    /** The numbers of the ports that a match of listeners is for; empty for all. */
    Optional<Set<Integer>> ports(ListenerMatch match, PatchContext here) {
        Optional<Set<Integer>> number =
                match.getPortNumber() == 0 ? Optional.empty() : Optional.of(Set.of(match.getPortNumber()));
        if (match.getPortName().isEmpty()) {
            return number;
        }
        Set<Integer> named = ports.of(match.getPortName(), here == PatchContext.SIDECAR_INBOUND);
        return Optional.of(number.map(one -> named.containsAll(one) ? one : Set.<Integer>of())
                .orElse(named));
    }

    static boolean fits(Patch patch, PatchContext here) {
        PatchContext wanted = patch.match().getContext();
        return wanted == PatchContext.ANY || wanted == here;
    }
}
