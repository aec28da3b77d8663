package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Optional;

/** What a workload may call: everything that its namespace sees, or what a Sidecar imports of that. */
public interface Imports {
    /** The Sidecar that decides; empty where none applies. */
    Optional<Config<Sidecar>> sidecar();

    /** Services that get clusters, sorted by hostname; with a Sidecar also those that imported routes lead to. */
    List<MeshService> services();

    /** The service of that exact hostname. */
    Optional<MeshService> service(String hostname);

    /** VirtualServices, oldest first, then by name. */
    List<Config<VirtualService>> virtualServices();

    /** Through which listeners; never empty. */
    List<Egress> egress();
}
