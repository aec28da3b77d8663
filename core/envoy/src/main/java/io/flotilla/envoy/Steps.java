package io.flotilla.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.snapshot.Moves;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the snapshot before became.
 *
 * @param clusters  of the outbound side
 * @param endpoints of these clusters
 * @param routes    of the outbound side
 * @param listeners of the outbound side
 * @param inbound   listeners of the inbound side
 */
public record Steps(
        PartSteps<Cluster> clusters,
        PartSteps<ClusterLoadAssignment> endpoints,
        PartSteps<RouteConfiguration> routes,
        PartSteps<Listener> listeners,
        PartSteps<Listener> inbound) {
    private static final Steps NONE = new Steps(false);

    public Steps() {
        this(true);
    }

    private Steps(boolean remembers) {
        this(
                new PartSteps<>(remembers, moves -> new Moves(Set.of(), Set.of(), moves.services())),
                new PartSteps<>(remembers, moves -> new Moves(moves.endpoints(), Set.of(), moves.services())),
                new PartSteps<>(remembers, moves -> new Moves(Set.of(), moves.routes(), moves.services())),
                new PartSteps<>(remembers, moves -> new Moves(Set.of(), Set.of(), moves.services())),
                new PartSteps<>(remembers, moves -> new Moves(Set.of(), Set.of(), moves.services())));
    }

    /** Remembers nothing. */
    public static Steps none() {
        return NONE;
    }

    /**
     * Nothing but this has changed.
     *
     * @param peers hosts behind which others are expected than before
     */
    public void moved(Moves moves, Set<String> peers) {
        expected(moves.services(), peers);
        endpoints.moved(moves);
        routes.moved(moves);
        listeners.moved(moves);
        inbound.moved(moves);
        if (!moves.routes().isEmpty() || !moves.services().isEmpty()) {
            Stream.of(clusters, endpoints, listeners, inbound).forEach(PartSteps::imported);
        }
    }

    private void expected(Set<String> services, Set<String> peers) {
        Set<String> hosts = new HashSet<>(services);
        hosts.addAll(peers);
        clusters.moved(new Moves(Set.of(), Set.of(), hosts));
    }

    /** Behind these hosts others are expected than before. */
    public void expected(Set<String> peers) {
        expected(Set.of(), peers);
    }
}
