package io.flotilla.envoy;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Moves;

/**
 * What the snapshot before became.
 *
 * @param endpoints by hosts whose endpoints move
 * @param routes    by VirtualServices whose routes move
 */
public record Steps(
        PartSteps<ClusterLoadAssignment, String> endpoints, PartSteps<RouteConfiguration, ObjectKey> routes) {
    private static final Steps NONE = new Steps(new PartSteps<>(false), new PartSteps<>(false));

    public Steps() {
        this(new PartSteps<>(true), new PartSteps<>(true));
    }

    /** Remembers nothing. */
    public static Steps none() {
        return NONE;
    }

    /** Nothing but this has changed. */
    public void moved(Moves moves) {
        endpoints.moved(moves.endpoints());
        routes.moved(moves.routes());
        if (!moves.routes().isEmpty()) {
            endpoints.imported();
        }
    }
}
