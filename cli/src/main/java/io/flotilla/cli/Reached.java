package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.ServicePort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A port of a workload that is called.
 *
 * @param name    of a workload, "NAMESPACE/NAME"; of several that are the same to policies, the first
 * @param guarded what policies see of it
 * @param port    of the workload
 * @param sidecar a proxy stands before it
 * @param address empty where it is not known
 * @param through the service by which it is called; empty where it is called by itself
 */
record Reached(String name, Guarded guarded, int port, boolean sidecar, String address, Optional<Through> through) {
    /**
     * A service's port.
     *
     * @param subset empty for all
     */
    record Through(MeshService service, int port, String subset) {}

    /**
     * What a name stands for: a service's workloads, else one workload.
     *
     * @param port of the service, or of the workload; 0 for the only one, or the first that takes requests
     */
    static List<Reached> named(String text, String namespace, int port, MeshSource.Read mesh) {
        Optional<MeshService> service = text.startsWith("pod/") || text.startsWith("deploy/")
                ? Optional.empty()
                : service(text, namespace, mesh);
        if (service.isPresent()) {
            return of(service.get(), servicePort(service.get(), port), "", mesh.snapshot());
        }
        Workload workload = new Workloads(mesh).get("--to", Workloads.Name.parse(text, namespace), "service or pod");
        return List.of(of(workload, port > 0 ? port : onlyPort(workload, mesh.snapshot())));
    }

    private static Optional<MeshService> service(String text, String namespace, MeshSource.Read mesh) {
        MeshSnapshot snapshot = mesh.snapshot();
        String suffix = ".svc." + snapshot.settings().domainSuffix();
        Workloads.Name name = Workloads.Name.parse(text, namespace);
        return Stream.of(
                        text,
                        Hostnames.resolve(text, namespace, snapshot.settings().domainSuffix()),
                        name.name() + "." + name.namespace() + suffix,
                        text + suffix.substring(4))
                .flatMap(host -> snapshot.services().stream()
                        .filter(each -> each.hostname().equals(host)))
                .findFirst();
    }

    private static int servicePort(MeshService service, int wanted) {
        List<Integer> all = service.ports().stream().map(ServicePort::number).toList();
        if (wanted > 0 && !all.contains(wanted)) {
            throw CommandFailure.couldNotRun("--port " + wanted + ": " + service.hostname() + " has " + all);
        }
        return wanted > 0
                ? wanted
                : service.ports().stream()
                        .filter(each -> each.protocol().isHttp())
                        .findFirst()
                        .or(() -> service.ports().stream().findFirst())
                        .map(ServicePort::number)
                        .orElseThrow(() -> CommandFailure.couldNotRun("--to: " + service.hostname() + " has no port"));
    }

    private static int onlyPort(Workload workload, MeshSnapshot mesh) {
        List<MeshSnapshot.InboundPort> ports = mesh.inboundPorts(workload.getNamespace(), workload.getLabelsMap());
        return ports.stream()
                .filter(each -> each.servicePort().protocol().isHttp())
                .findFirst()
                .or(() -> ports.stream().findFirst())
                .map(MeshSnapshot.InboundPort::endpointPort)
                .orElseThrow(() -> CommandFailure.couldNotRun(
                        "--to " + workload.getName() + ": no service names a port of it; say --port"));
    }

    /** The workloads of a service's port, each once for all that are the same to policies. */
    static List<Reached> of(MeshService service, int port, String subset, MeshSnapshot mesh) {
        Map<Object, Reached> found = new LinkedHashMap<>();
        for (MeshEndpoint endpoint : mesh.endpoints(service, port)) {
            Guarded guarded = new Guarded(endpoint.namespace(), endpoint.serviceAccount(), endpoint.labels());
            List<Object> same = new ArrayList<>(List.of(guarded, endpoint.port(), endpoint.meshTls()));
            found.putIfAbsent(
                    same,
                    new Reached(
                            endpoint.workload().isEmpty()
                                    ? endpoint.addresses().getFirst()
                                    : endpoint.workload().contains("/")
                                            ? endpoint.workload()
                                            : endpoint.namespace() + "/" + endpoint.workload(),
                            guarded,
                            endpoint.port(),
                            endpoint.meshTls(),
                            endpoint.addresses().getFirst(),
                            Optional.of(new Through(service, port, subset))));
        }
        return List.copyOf(found.values());
    }

    static Reached of(Workload workload, int port) {
        return new Reached(
                workload.getNamespace() + "/" + workload.getName(),
                Workloads.guarded(workload),
                port,
                workload.getHasSidecar(),
                Workloads.address(workload),
                Optional.empty());
    }
}
