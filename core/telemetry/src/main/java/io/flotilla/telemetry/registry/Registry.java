package io.flotilla.telemetry.registry;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the mesh knows of workloads and services at one moment, as far as telemetry joins with it. */
public interface Registry {
    /** The pod of that name. */
    Optional<Workload> workload(String namespace, String name);

    /** The pod that has an address in a network. */
    Optional<Workload> workloadByAddress(String network, String address);

    /** Ports on which pods with these labels are called, and as which service. */
    List<InboundPort> inboundPorts(String namespace, Map<String, String> labels);

    /** The service of that exact host name which a namespace sees. */
    Optional<MeshService> service(String hostname, String namespace);

    /** The suffix of platform host names, "cluster.local". */
    String domainSuffix();

    /** Nothing is known yet. */
    static Registry empty() {
        return EmptyRegistry.INSTANCE;
    }

    /** The registry's part of a snapshot. */
    static Registry of(MeshSnapshot snapshot) {
        return new SnapshotRegistry(snapshot);
    }
}
