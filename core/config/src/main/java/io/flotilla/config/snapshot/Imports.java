package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a workload may call: everything that its namespace sees, or what a Sidecar imports of that. */
public interface Imports {
    /** The Sidecar that decides; empty where none applies. */
    Optional<Config<Sidecar>> sidecar();

    /** Services that get clusters, sorted by hostname; with a Sidecar also those that imported routes lead to. */
    List<MeshService> services();

    /** Namespaces of these services. */
    Set<String> namespaces();

    /** The service of that exact hostname. */
    Optional<MeshService> service(String hostname);

    /** VirtualServices, oldest first, then by name. */
    List<Config<VirtualService>> virtualServices();

    /** Those of them that are for a host, by its name or by a wildcard, in the same order. */
    List<Config<VirtualService>> virtualServices(String hostname);

    /** Those of them that have these keys, in the same order. */
    List<Config<VirtualService>> virtualServices(Set<ObjectKey> keys);

    /** Names of the labels of callers that some of them compare. */
    Set<String> callerLabels();

    /** Through which listeners; never empty. */
    List<Egress> egress();
}
