package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshEndpoint.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Endpoints of one host of a ServiceEntry: listed, chosen by labels, or the host itself. */
final class DeclaredEndpoints {
    private static final String TLS_MODE = "security.istio.io/tlsMode";
    private static final String UNIX = "unix://";

    private final ServiceDefinition.Declared definition;
    private final WorkloadIndex workloads;

    DeclaredEndpoints(ServiceDefinition.Declared definition, WorkloadIndex workloads) {
        this.definition = definition;
        this.workloads = workloads;
    }

    List<MeshEndpoint> of(ServicePort port) {
        ServiceEntry entry = definition.config().spec();
        int target = entry.getPortsList().stream()
                .filter(each -> each.getNumber() == port.number() && each.getTargetPort() > 0)
                .mapToInt(io.flotilla.api.networking.v1alpha3.ServicePort::getTargetPort)
                .findFirst()
                .orElse(port.number());
        List<MeshEndpoint> endpoints = new ArrayList<>();
        if (entry.hasWorkloadSelector() && entry.getEndpointsCount() == 0) {
            workloads.selected(definition.service().namespace(), definition.selector()).stream()
                    .filter(workload -> workload.getAddressesCount() > 0)
                    .forEach(workload -> endpoints.add(endpoint(workload, port, target)));
        } else if (entry.getEndpointsCount() > 0) {
            entry.getEndpointsList().forEach(each -> endpoints.add(endpoint(each, port, target)));
        } else if (byName(entry.getResolution())
                && !definition.service().hostname().startsWith("*")) {
            endpoints.add(endpoint(
                    WorkloadEntry.newBuilder()
                            .setAddress(definition.service().hostname())
                            .build(),
                    port,
                    target));
        }
        return endpoints;
    }

    /** Speaks mesh TLS: by its label, else if it has an identity. */
    private static boolean meshTls(String mode, WorkloadEntry entry) {
        return mode.isEmpty() ? !entry.getServiceAccount().isEmpty() : mode.equals("istio");
    }

    private static boolean byName(ServiceEntry.Resolution resolution) {
        return resolution == ServiceEntry.Resolution.DNS || resolution == ServiceEntry.Resolution.DNS_ROUND_ROBIN;
    }

    private MeshEndpoint endpoint(WorkloadEntry entry, ServicePort port, int target) {
        Map<String, String> labels = entry.getLabelsMap();
        boolean unix = entry.getAddress().startsWith(UNIX);
        return new MeshEndpoint(
                List.of(entry.getAddress()),
                unix ? 0 : entry.getPortsMap().getOrDefault(port.name(), target),
                labels,
                "",
                entry.getServiceAccount(),
                definition.service().namespace(),
                entry.getLocality(),
                entry.getNetwork(),
                Math.max(1, entry.getWeight()),
                Health.HEALTHY,
                meshTls(labels.getOrDefault(TLS_MODE, ""), entry));
    }

    private static MeshEndpoint endpoint(Workload workload, ServicePort port, int target) {
        boolean unix = workload.getAddresses(0).startsWith(UNIX);
        Health health =
                workload.getTerminating() ? Health.DRAINING : workload.getReady() ? Health.HEALTHY : Health.UNHEALTHY;
        return new MeshEndpoint(
                workload.getAddressesList(),
                unix ? 0 : workload.getServicePortsMap().getOrDefault(port.name(), target),
                workload.getLabelsMap(),
                workload.getNamespace() + "/" + workload.getName(),
                workload.getServiceAccount(),
                workload.getNamespace(),
                workload.getLocality(),
                workload.getNetwork(),
                Math.max(1, workload.getWeight()),
                health,
                workload.getHasSidecar());
    }
}
