package io.flotilla.config.foreign;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The registry in the words of Istio's API, for readers that know no other: a service as a ServiceEntry with its ready
 * endpoints inside, a workload as a WorkloadEntry. Their names end in ".registry", which no object of a user need ever
 * do. What these kinds cannot say stands in annotations under "flotilla.io/". Pure.
 */
public final class RegistryEntries {
    /** Ends the name of everything that is rendered. */
    public static final String SUFFIX = ".registry";

    private static final String PREFIX = "flotilla.io/";
    private static final String TLS_MODE = "security.istio.io/tlsMode";

    private RegistryEntries() {}

    /** A kind of the registry, which only our own readers are given as it is. */
    public static boolean isRegistry(Kind kind) {
        return kind.group().equals(Kind.REGISTRY_SERVICE.group());
    }

    /** The ServiceEntry of a service. A headless one has no endpoints: its callers choose the address themselves. */
    public static Config<ServiceEntry> entry(Service service, Collection<EndpointSlice> slices) {
        ServiceEntry.Builder entry = ServiceEntry.newBuilder()
                .addHosts(service.getHostname())
                .addAllAddresses(service.getAddressesList())
                .addAllExportTo(service.getExportToList());
        Map<String, String> annotations = new TreeMap<>(service.getAnnotationsMap());
        annotate(service, annotations);
        Set<Integer> numbers = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<ServicePort> ports = service.getPortsList().stream()
                // Of one number over TCP and UDP only one may be told, and meshes carry TCP.
                .sorted((left, right) -> Boolean.compare(isUdp(left), isUdp(right)))
                .filter(port -> numbers.add(port.getNumber()) && names.add(name(port)))
                .toList();
        ports.forEach(port -> entry.addPorts(port(port)));
        if (!service.getExternalName().isEmpty()) {
            entry.setLocation(ServiceEntry.Location.MESH_EXTERNAL)
                    .setResolution(ServiceEntry.Resolution.DNS)
                    .addEndpoints(WorkloadEntry.newBuilder().setAddress(service.getExternalName()));
        } else if (service.getHeadless()) {
            entry.setLocation(ServiceEntry.Location.MESH_INTERNAL).setResolution(ServiceEntry.Resolution.NONE);
        } else {
            entry.setLocation(ServiceEntry.Location.MESH_INTERNAL).setResolution(ServiceEntry.Resolution.STATIC);
            slices.forEach(slice -> slice.getEndpointsList().stream()
                    .filter(endpoint -> endpoint.getReady() || service.getPublishNotReady())
                    .forEach(endpoint -> endpoint(entry, ports, slice, endpoint)));
        }
        return config(
                ObjectKey.of(Kind.SERVICE_ENTRY, service.getNamespace(), service.getName() + SUFFIX),
                entry.build(),
                service.getLabelsMap(),
                annotations);
    }

    /** The WorkloadEntry of a workload that has an address. */
    public static Config<WorkloadEntry> entry(Workload workload) {
        WorkloadEntry.Builder entry = WorkloadEntry.newBuilder()
                .setAddress(workload.getAddressesCount() == 0 ? "" : workload.getAddresses(0))
                .putAllLabels(workload.getLabelsMap())
                .putLabels(TLS_MODE, workload.getHasSidecar() ? "istio" : "disabled")
                .setNetwork(workload.getNetwork())
                .setLocality(workload.getLocality())
                .setServiceAccount(workload.getServiceAccount());
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(PREFIX + "origin", "registry");
        return config(
                ObjectKey.of(Kind.WORKLOAD_ENTRY, workload.getNamespace(), workload.getName() + SUFFIX),
                entry.build(),
                workload.getLabelsMap(),
                annotations);
    }

    private static void annotate(Service service, Map<String, String> annotations) {
        annotations.put(PREFIX + "origin", service.getOrigin().isEmpty() ? "registry" : service.getOrigin());
        if (service.getAddressesCount() > 0) {
            annotations.put(PREFIX + "cluster-ip", String.join(",", service.getAddressesList()));
        }
        if (service.getHeadless()) {
            annotations.put(PREFIX + "headless", "true");
        }
        for (ServicePort port : service.getPortsList()) {
            if (!port.getTargetName().isEmpty()) {
                annotations.put(PREFIX + "target-port." + name(port), port.getTargetName());
            } else if (port.getTargetNumber() != 0) {
                annotations.put(PREFIX + "target-port." + name(port), Integer.toString(port.getTargetNumber()));
            }
        }
    }

    private static io.flotilla.api.networking.v1alpha3.ServicePort port(ServicePort port) {
        var told = io.flotilla.api.networking.v1alpha3.ServicePort.newBuilder()
                .setNumber(port.getNumber())
                .setName(name(port))
                .setProtocol(protocol(port));
        if (port.getTargetName().isEmpty() && port.getTargetNumber() != 0) {
            told.setTargetPort(port.getTargetNumber());
        }
        return told.build();
    }

    /** Empty lets the proxy find out. */
    private static String protocol(ServicePort port) {
        Protocol protocol =
                Protocols.ofPort(port.getName(), port.getNumber(), port.getTransport(), port.getAppProtocol(), false);
        return protocol == Protocol.AUTO ? "" : protocol.name().replace('_', '-');
    }

    private static boolean isUdp(ServicePort port) {
        return port.getTransport().equals("UDP");
    }

    /** A port must have a name there; Kubernetes lets a single one go without. */
    private static String name(ServicePort port) {
        return port.getName().isEmpty() ? "port-" + port.getNumber() : port.getName();
    }

    private static void endpoint(
            ServiceEntry.Builder entry, List<ServicePort> ports, EndpointSlice slice, Endpoint endpoint) {
        if (endpoint.getAddressesCount() == 0) {
            return;
        }
        WorkloadEntry.Builder told = WorkloadEntry.newBuilder()
                .setAddress(endpoint.getAddresses(0))
                .putAllLabels(endpoint.getLabelsMap())
                .putLabels(TLS_MODE, endpoint.getMeshTls() ? "istio" : "disabled")
                .setNetwork(endpoint.getNetwork())
                .setLocality(endpoint.getLocality())
                .setWeight(endpoint.getWeight())
                .setServiceAccount(serviceAccount(endpoint.getServiceAccount()));
        for (ServicePort port : ports) {
            Integer number = slice.getPortsMap().get(port.getName());
            if (number != null) {
                told.putPorts(name(port), number);
            }
        }
        entry.addEndpoints(told);
    }

    /** The account's own name; the namespace is the service's. */
    private static String serviceAccount(String account) {
        return account.substring(account.lastIndexOf('/') + 1);
    }

    private static <T extends com.google.protobuf.Message> Config<T> config(
            ObjectKey key, T spec, Map<String, String> labels, Map<String, String> annotations) {
        Map<String, String> sorted = Collections.unmodifiableMap(new TreeMap<>(labels));
        return new Config<>(
                key,
                spec,
                sorted,
                Collections.unmodifiableMap(annotations),
                Instant.EPOCH,
                ContentVersion.of(spec, sorted, annotations),
                Origin.NONE);
    }
}
