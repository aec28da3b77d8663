package io.flotilla.mesh;

import io.flotilla.mesh.component.Components;
import io.flotilla.mesh.component.ControlService;
import io.flotilla.mesh.component.KafkaBroker;
import io.flotilla.mesh.pod.Kubelet;
import io.flotilla.mesh.pod.PodState;
import io.flotilla.mesh.state.MeshPort;
import io.flotilla.mesh.state.MeshSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;

/** Where the host's ports lead inside of the mesh. */
final class Targets {
    private static final int INGRESS_HTTP = 8080;
    private static final int INGRESS_HTTPS = 8443;

    private final MeshSpec spec;
    private final Components components;
    private final Kubelet kubelet;

    Targets(MeshSpec spec, Components components, Kubelet kubelet) {
        this.spec = spec;
        this.components = components;
        this.kubelet = kubelet;
    }

    List<InetSocketAddress> of(MeshPort port) {
        return switch (port) {
            case INGRESS_HTTP -> ingress(INGRESS_HTTP);
            case INGRESS_HTTPS -> ingress(INGRESS_HTTPS);
            case GALLEY, GALLEY_WEBHOOK -> service(ControlService.GALLEY, port);
            case PILOT_TLS -> service(ControlService.PILOT, port);
            case CITADEL -> service(ControlService.CITADEL, port);
            case MIXER, ZIPKIN -> service(ControlService.MIXER, port);
            case INJECTOR -> service(ControlService.INJECTOR, port);
            case KAFKA -> List.of(loopback(KafkaBroker.FOR_HOST));
            case PILOT,
                    PILOT_MANAGEMENT,
                    GALLEY_MANAGEMENT,
                    CITADEL_MANAGEMENT,
                    MIXER_MANAGEMENT,
                    MIXER_METRICS,
                    INJECTOR_MANAGEMENT -> List.of(loopback(spec.innerPort(port)));
        };
    }

    private List<InetSocketAddress> service(ControlService service, MeshPort port) {
        return List.of(new InetSocketAddress(components.address(service), spec.innerPort(port)));
    }

    /** Gateways that are ready and stay, before those that are on their way out. */
    private List<InetSocketAddress> ingress(int port) {
        return kubelet.members().stream()
                .filter(member -> Kubelet.text(member.manifest(), "metadata", "labels", "istio")
                        .equals("ingressgateway"))
                .sorted(Comparator.comparing(member -> rank(member.run().state())))
                .map(member ->
                        new InetSocketAddress(member.run().pod().identity().address(), port))
                .toList();
    }

    private static int rank(PodState state) {
        return state.terminating() ? 2 : state.ready() ? 0 : 1;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
