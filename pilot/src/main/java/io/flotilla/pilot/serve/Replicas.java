package io.flotilla.pilot.serve;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.Optional;

/** How many replicas of Pilot there are, as the registry knows its service. */
public final class Replicas {
    private Replicas() {}

    /**
     * Those that serve.
     *
     * @param service "NAME.NAMESPACE"
     * @return 0 where the registry has no such service
     */
    public static int count(Optional<MeshSnapshot> mesh, String service) {
        return mesh.map(snapshot -> snapshot
                        .services(service + ".svc." + snapshot.settings().domainSuffix())
                        .stream()
                        .mapToInt(each -> each.ports().stream()
                                .mapToInt(port -> (int) snapshot.endpoints(each, port.number()).stream()
                                        .filter(endpoint -> endpoint.health() == MeshEndpoint.Health.HEALTHY)
                                        .count())
                                .max()
                                .orElse(0))
                        .max()
                        .orElse(0))
                .orElse(0);
    }
}
