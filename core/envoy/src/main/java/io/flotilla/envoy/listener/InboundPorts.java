package io.flotilla.envoy.listener;

import io.flotilla.api.networking.v1alpha3.IstioIngressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.SidecarPort;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.MtlsMode;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import io.flotilla.envoy.Ingress;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.authz.Guards;
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
     * @param ingress   what a Sidecar says of it
     * @param guards    what stands before it
     */
    public record Port(int number, Protocol protocol, MtlsMode mode, String operation, Ingress ingress, Guards guards) {
        /** A client may wait for the server's first bytes, so the proxy must not wait for the client's. */
        boolean mayHang() {
            boolean unknown = protocol == Protocol.AUTO || protocol.isServerFirst();
            return unknown && (mode == MtlsMode.PERMISSIVE || (mode == MtlsMode.DISABLE && protocol == Protocol.AUTO));
        }
    }

    /** The declared ports, sorted; UDP is not captured. A Sidecar with ingress listeners declares them alone. */
    public static List<Port> of(Scope scope) {
        Sidecar sidecar = scope.sidecar().map(Config::spec).orElse(Sidecar.getDefaultInstance());
        List<MeshSnapshot.InboundPort> called = scope.snapshot()
                .inboundPorts(scope.view().namespace(), scope.view().labels());
        TreeMap<Integer, Port> ports = new TreeMap<>();
        if (sidecar.getIngressCount() > 0) {
            for (IstioIngressListener listener : sidecar.getIngressList()) {
                ports.putIfAbsent(listener.getPort().getNumber(), declared(scope, sidecar, listener, called));
            }
            ports.values().removeIf(port -> port.protocol() == Protocol.UDP);
            return List.copyOf(ports.values());
        }
        Ingress ingress = sidecar.hasInboundConnectionPool() ? Ingress.of(sidecar) : Ingress.NONE;
        for (MeshSnapshot.InboundPort port : called) {
            if (port.servicePort().protocol() != Protocol.UDP) {
                ports.putIfAbsent(
                        port.endpointPort(),
                        new Port(
                                port.endpointPort(),
                                port.servicePort().protocol(),
                                mode(scope, port.endpointPort()),
                                operation(port),
                                ingress,
                                Guards.inbound(scope, port.endpointPort())));
            }
        }
        return List.copyOf(ports.values());
    }

    private static Port declared(
            Scope scope, Sidecar sidecar, IstioIngressListener listener, List<MeshSnapshot.InboundPort> called) {
        SidecarPort port = listener.getPort();
        Protocol protocol = Protocols.parse(port.getProtocol())
                .orElseGet(() -> Protocols.ofPort(
                        port.getName(),
                        port.getNumber(),
                        "TCP",
                        "",
                        scope.settings().classic()));
        String operation = called.stream()
                .filter(each -> each.endpointPort() == port.getNumber()
                        || each.servicePort().number() == port.getNumber())
                .findFirst()
                .map(InboundPorts::operation)
                .orElse("inbound:" + port.getNumber() + "/*");
        MtlsMode mode = mode(scope, port.getNumber());
        // Where the proxy ends the client's TLS, requests are what is inside.
        boolean ends = listener.hasTls() && mode == MtlsMode.DISABLE && protocol == Protocol.HTTPS;
        return new Port(
                port.getNumber(),
                ends ? Protocol.HTTP : protocol,
                mode,
                operation,
                Ingress.of(sidecar, listener),
                Guards.inbound(scope, port.getNumber()));
    }

    private static MtlsMode mode(Scope scope, int port) {
        return scope.snapshot().mtlsMode(scope.view().namespace(), scope.view().labels(), port);
    }

    private static String operation(MeshSnapshot.InboundPort port) {
        return port.service().hostname() + ":" + port.servicePort().number() + "/*";
    }
}
