package io.flotilla.telemetry.registry;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry of what a test puts into it; services select pods by label "app" with the service's name. */
public final class FakeRegistry implements Registry {
    private final List<Workload> pods = new ArrayList<>();
    private final List<MeshService> services = new ArrayList<>();
    private int targetPort = 9080;
    private String cluster = "";

    public FakeRegistry pod(String namespace, String name, String address, String app, String serviceAccount) {
        pods.add(Workload.newBuilder()
                .setCluster(cluster)
                .setNamespace(namespace)
                .setName(name)
                .setUid(namespace + "/" + name + "@" + address)
                .addAddresses(address)
                .setServiceAccount(serviceAccount)
                .setOwnerKind("Deployment")
                .setOwnerName(app + "-v1")
                .putLabels("app", app)
                .putLabels("version", "v1")
                .build());
        return this;
    }

    /** Pods that are told from now on are of this cluster, which the registry names. */
    public FakeRegistry inCluster(String name) {
        cluster = name;
        return this;
    }

    public FakeRegistry service(String namespace, String name, int port, Protocol protocol) {
        services.add(new MeshService(
                name + "." + namespace + ".svc.cluster.local",
                namespace,
                name,
                List.of(),
                List.of(new ServicePort("", port, protocol)),
                MeshService.Resolution.REGISTRY,
                false,
                Map.of(),
                List.of("*"),
                List.of(),
                Origin.NONE));
        return this;
    }

    public FakeRegistry podsListenOn(int port) {
        targetPort = port;
        return this;
    }

    @Override
    public Optional<Workload> workload(String namespace, String name) {
        return pods.stream()
                .filter(pod ->
                        pod.getNamespace().equals(namespace) && pod.getName().equals(name))
                .findFirst();
    }

    @Override
    public Optional<Workload> workloadByAddress(String network, String address) {
        return pods.stream()
                .filter(pod -> pod.getNetwork().equals(network))
                .filter(pod -> pod.getAddressesList().contains(address))
                .findFirst();
    }

    @Override
    public List<InboundPort> inboundPorts(String namespace, Map<String, String> labels) {
        return services.stream()
                .filter(service -> service.namespace().equals(namespace))
                .filter(service -> service.name().startsWith(labels.getOrDefault("app", "?")))
                .map(service ->
                        new InboundPort(targetPort, service, service.ports().getFirst()))
                .toList();
    }

    @Override
    public Optional<MeshService> service(String hostname, String namespace) {
        return services.stream()
                .filter(service -> service.hostname().equals(hostname))
                .findFirst();
    }

    @Override
    public String domainSuffix() {
        return "cluster.local";
    }
}
