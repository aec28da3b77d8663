package io.flotilla.envoy.listener;

import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.envoy.Scope;
import java.util.List;
import java.util.TreeMap;

/** The ports on which a sidecar's application is called. */
public final class InboundPorts {
    private InboundPorts() {}

    /**
     * One port.
     *
     * @param number    what the application listens on
     * @param protocol  of the first service that selects the workload by this port
     * @param mode      what is accepted
     * @param operation how traces name its requests
     */
    public record Port(int number, Protocol protocol, MtlsMode mode, String operation) {
        /** A client may wait for the server's first bytes, so the proxy must not wait for the client's. */
        boolean mayHang() {
            boolean unknown = protocol == Protocol.AUTO || protocol.isServerFirst();
            return unknown && (mode == MtlsMode.PERMISSIVE || (mode == MtlsMode.DISABLE && protocol == Protocol.AUTO));
        }
    }

    /** The declared ports, sorted; UDP is not captured. */
    public static List<Port> of(Scope scope) {
        TreeMap<Integer, Port> ports = new TreeMap<>();
        String namespace = scope.view().namespace();
        for (MeshSnapshot.InboundPort port :
                scope.snapshot().inboundPorts(namespace, scope.view().labels())) {
            if (port.servicePort().protocol() != Protocol.UDP) {
                ports.putIfAbsent(
                        port.endpointPort(),
                        new Port(
                                port.endpointPort(),
                                port.servicePort().protocol(),
                                scope.snapshot()
                                        .mtlsMode(namespace, scope.view().labels(), port.endpointPort()),
                                port.service().hostname() + ":"
                                        + port.servicePort().number() + "/*"));
            }
        }
        return List.copyOf(ports.values());
    }
}
