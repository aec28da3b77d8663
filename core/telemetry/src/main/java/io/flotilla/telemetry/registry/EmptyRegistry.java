package io.flotilla.telemetry.registry;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry before the first snapshot: every answer is "unknown". */
enum EmptyRegistry implements Registry {
    INSTANCE;

    @Override
    public Optional<Workload> workload(String namespace, String name) {
        return Optional.empty();
    }

    @Override
    public Optional<Workload> workloadByAddress(String network, String address) {
        return Optional.empty();
    }

    @Override
    public List<InboundPort> inboundPorts(String namespace, Map<String, String> labels) {
        return List.of();
    }

    @Override
    public Optional<MeshService> service(String hostname, String namespace) {
        return Optional.empty();
    }

    @Override
    public String domainSuffix() {
        return MeshSettings.defaults().domainSuffix();
    }
}
