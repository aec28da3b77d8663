package io.flotilla.policy;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What stands before a port of a gateway's pods. */
final class EdgePort {
    private EdgePort() {}

    /**
     * By the Gateways that serve a port; empty where none does, or several do whose policies differ, since a record does
     * not say which one it was.
     *
     * @param port of the pod; 0 for all Gateways of the workload together
     */
    static Optional<Protection> of(MeshSnapshot mesh, Guarded workload, int port) {
        Map<Integer, Integer> listening = mesh.inboundPorts(workload.namespace(), workload.labels()).stream()
                .collect(Collectors.toMap(
                        each -> each.servicePort().number(), InboundPort::endpointPort, (first, other) -> first));
        List<ObjectKey> serving = mesh.gateways(workload.labels()).stream()
                .filter(gateway -> port == 0 || serves(gateway.spec(), port, listening))
                .map(Config::key)
                .toList();
        Protection all = Protection.edge(mesh, workload, port, serving);
        boolean one = port == 0
                || (!serving.isEmpty()
                        && serving.stream()
                                .allMatch(gateway -> mesh.edgeAuthorization(workload, List.of(gateway))
                                        .equals(all.authorization())));
        return one ? Optional.of(all) : Optional.empty();
    }

    /** A server's number is that of the gateway's Service, behind which the pods may listen on another. */
    private static boolean serves(Gateway gateway, int port, Map<Integer, Integer> listening) {
        return gateway.getServersList().stream()
                .map(server -> server.getPort().getNumber())
                .anyMatch(number -> listening.getOrDefault(number, number) == port);
    }
}
