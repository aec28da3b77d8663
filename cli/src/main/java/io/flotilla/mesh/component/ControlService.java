package io.flotilla.mesh.component;

import io.flotilla.mesh.state.MeshPort;
import java.util.List;
import java.util.stream.Stream;

/** A control plane process of the local mesh, with the address that it has on the mesh's bridge. */
public enum ControlService {
    CITADEL("citadel", "10.96.0.11", MeshPort.CITADEL_MANAGEMENT, 96, "istio-citadel"),
    GALLEY("galley", "10.96.0.12", MeshPort.GALLEY_MANAGEMENT, 96, "istio-galley"),
    PILOT("pilot", "10.96.0.13", MeshPort.PILOT_MANAGEMENT, 160, "istio-pilot"),
    MIXER("mixer", "10.96.0.14", MeshPort.MIXER_MANAGEMENT, 192, "istio-telemetry,istio-policy,zipkin"),
    INJECTOR("sidecar-injector", "10.96.0.17", MeshPort.INJECTOR_MANAGEMENT, 64, "istio-sidecar-injector");

    public static final String NAMESPACE = "istio-system";

    /** Further addresses of services whose process listens on another one. */
    private static final List<String> ALIASES = List.of("10.96.0.15", "10.96.0.16");

    private final String module;
    private final String address;
    private final MeshPort management;
    private final int heapMegabytes;
    private final String services;

    ControlService(String module, String address, MeshPort management, int heapMegabytes, String services) {
        this.module = module;
        this.address = address;
        this.management = management;
        this.heapMegabytes = heapMegabytes;
        this.services = services;
    }

    /** The module that is run, and the component's name. */
    public String module() {
        return module;
    }

    public String address() {
        return address;
    }

    public MeshPort management() {
        return management;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    public String serviceAccount() {
        return "istio-" + module + "-service-account";
    }

    /** All names that its certificate has. */
    String dnsNames() {
        return Stream.of(services.split(",", -1))
                .flatMap(name ->
                        List.of(name + "." + NAMESPACE + ".svc", name + "." + NAMESPACE + ".svc.cluster.local")
                                .stream())
                .collect(java.util.stream.Collectors.joining(","));
    }

    /** The addresses that the bridge has. */
    public static List<String> addresses() {
        return java.util.stream.Stream.concat(
                        java.util.Arrays.stream(values()).map(ControlService::address), ALIASES.stream())
                .toList();
    }
}
