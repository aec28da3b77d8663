package io.flotilla.telemetry.registry;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A snapshot, seen as a registry. */
record SnapshotRegistry(MeshSnapshot snapshot) implements Registry {
    @Override
    public Optional<Workload> workload(String namespace, String name) {
        return snapshot.workload(namespace, name);
    }

    @Override
    public Optional<Workload> workloadByAddress(String network, String address) {
        return snapshot.workloadByAddress(network, address);
    }

    @Override
    public List<InboundPort> inboundPorts(String namespace, Map<String, String> labels) {
        return snapshot.inboundPorts(namespace, labels);
    }

    @Override
    public Optional<MeshService> service(String hostname, String namespace) {
        return snapshot.service(hostname, namespace);
    }

    @Override
    public String domainSuffix() {
        return snapshot.settings().domainSuffix();
    }
}
