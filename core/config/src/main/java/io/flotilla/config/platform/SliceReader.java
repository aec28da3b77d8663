package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.api.registry.v1.Endpoint;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Config;
import io.flotilla.config.validate.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** EndpointSlices and Endpoints of Kubernetes, and pods that a selector chooses, as the registry's slices. */
final class SliceReader {
    private static final int MAX_ENDPOINTS = SliceBuckets.MAX_ENDPOINTS;

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final RegistryOptions options;
    private final PodIndex pods;

    SliceReader(RegistryOptions options, PodIndex pods) {
        this.options = options;
        this.pods = pods;
    }

    static String serviceOf(Config<Struct> slice) {
        return slice.labels().getOrDefault(SERVICE_NAME, "");
    }

    List<EndpointSlice> ofSlice(Config<Struct> slice) {
        String service = serviceOf(slice);
        Manifest manifest = new Manifest(slice.spec());
        if (service.isEmpty() || manifest.text("addressType").equals("FQDN")) {
            return List.of();
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (Manifest endpoint : manifest.list("endpoints")) {
            Manifest conditions = endpoint.part("conditions");
            // Absent means ready, by the API of EndpointSlice; "serving" defaults to "ready".
            boolean ready = conditions.value("ready").isEmpty() || conditions.flag("ready");
            boolean serving = conditions.value("serving").isEmpty() ? ready : conditions.flag("serving");
            Endpoint.Builder built = Endpoint.newBuilder()
                    .addAllAddresses(endpoint.texts("addresses"))
                    .setReady(ready)
                    .setServing(serving)
                    .setTerminating(conditions.flag("terminating"))
                    .setNode(endpoint.text("nodeName"))
                    .setHostname(endpoint.text("hostname"));
            endpoints.add(describe(built, endpoint.part("targetRef")));
        }
        return cut(slice.namespace(), slice.name(), service, ports(manifest.list("ports")), endpoints);
    }

    List<EndpointSlice> ofEndpoints(Config<Struct> config) {
        List<EndpointSlice> slices = new ArrayList<>();
        List<Manifest> subsets = new Manifest(config.spec()).list("subsets");
        for (int i = 0; i < subsets.size(); i++) {
            Manifest subset = subsets.get(i);
            List<Endpoint> endpoints = new ArrayList<>();
            subset.list("addresses").forEach(address -> endpoints.add(endpoint(address, true)));
            subset.list("notReadyAddresses").forEach(address -> endpoints.add(endpoint(address, false)));
            String name = config.name() + "-endpoints-" + i;
            slices.addAll(cut(config.namespace(), name, config.name(), ports(subset.list("ports")), endpoints));
        }
        return slices;
    }

    /** Endpoints of a service whose platform has no endpoint controller. */
    List<EndpointSlice> ofPods(Service service) {
        if (service.getSelectorCount() == 0 || !service.getExternalName().isEmpty()) {
            return List.of();
        }
        return ofWorkloads(service, "pods", pods.selectedPods(service.getSelectorMap()));
    }

    /** WorkloadEntries that a service selects, whoever writes the slices of its pods. */
    List<EndpointSlice> ofEntries(Service service) {
        if (service.getSelectorCount() == 0 || !service.getExternalName().isEmpty()) {
            return List.of();
        }
        List<Workload> selected = pods.selectedEntries(service.getSelectorMap()).stream()
                .filter(workload -> workload.getAddressesList().stream().allMatch(Addresses::isIp))
                .toList();
        return ofWorkloads(service, "entries", selected);
    }

    private List<EndpointSlice> ofWorkloads(Service service, String suffix, List<Workload> workloads) {
        // Pods may call the same port name by different numbers: those that agree share slices.
        SortedMap<String, List<Workload>> byPorts = new TreeMap<>();
        for (Workload workload : workloads) {
            if (workload.getAddressesCount() > 0) {
                byPorts.computeIfAbsent(targets(service, workload).toString(), ports -> new ArrayList<>())
                        .add(workload);
            }
        }
        List<EndpointSlice> slices = new ArrayList<>();
        int group = 0;
        for (List<Workload> alike : byPorts.values()) {
            String name = service.getName() + "-" + suffix + "-" + group++;
            SortedMap<String, Integer> ports = targets(service, alike.getFirst());
            SliceBuckets.of(alike)
                    .forEach((bucket, members) -> slices.addAll(cut(
                            service.getNamespace(),
                            bucket == 0 ? name : name + "-" + bucket,
                            service.getName(),
                            ports,
                            members.stream().map(this::endpoint).toList())));
        }
        return slices;
    }

    /** Service port name to the number on which this workload serves it; ports that it does not have are left out. */
    static SortedMap<String, Integer> targets(Service service, Workload workload) {
        SortedMap<String, Integer> targets = new TreeMap<>();
        for (ServicePort port : service.getPortsList()) {
            Integer named = workload.getNamedPortsMap().get(port.getTargetName());
            Integer own = workload.getServicePortsMap().get(port.getName());
            if (own != null) {
                targets.put(port.getName(), own);
            } else if (port.getTargetNumber() > 0) {
                targets.put(port.getName(), port.getTargetNumber());
            } else if (named != null) {
                targets.put(port.getName(), named);
            } else if (port.getTargetName().isEmpty()) {
                targets.put(port.getName(), port.getNumber());
            }
        }
        return targets;
    }

    private Endpoint endpoint(Workload workload) {
        Endpoint.Builder endpoint = Endpoint.newBuilder()
                .addAllAddresses(workload.getAddressesList())
                .setReady(workload.getReady() && !workload.getTerminating())
                .setServing(workload.getReady())
                .setTerminating(workload.getTerminating())
                .setNode(workload.getNode())
                .setWeight(workload.getWeight());
        return describe(endpoint, workload).build();
    }

    private Endpoint endpoint(Manifest address, boolean ready) {
        Endpoint.Builder built = Endpoint.newBuilder()
                .addAddresses(address.text("ip"))
                .setReady(ready)
                .setServing(ready)
                .setNode(address.text("nodeName"))
                .setHostname(address.text("hostname"));
        return describe(built, address.part("targetRef"));
    }

    private Endpoint describe(Endpoint.Builder endpoint, Manifest target) {
        endpoint.setNetwork(options.network());
        Workload workload = target.text("kind").equals("Pod") ? pods.byName(target.text("name")) : null;
        if (workload == null) {
            // What is written by hand names no pod: a pod of the namespace with that address is the one.
            workload = pods.byAddress(endpoint.getAddressesList());
        }
        return workload == null
                ? endpoint.build()
                : describe(endpoint, workload).build();
    }

    private static Endpoint.Builder describe(Endpoint.Builder endpoint, Workload workload) {
        return endpoint.setNetwork(workload.getNetwork())
                .setLocality(workload.getLocality())
                .setWorkload(workload.getNamespace() + "/" + workload.getName())
                .setServiceAccount(workload.getServiceAccount())
                .putAllLabels(workload.getLabelsMap())
                .setMeshTls(workload.getHasSidecar());
    }

    private static SortedMap<String, Integer> ports(List<Manifest> ports) {
        SortedMap<String, Integer> numbers = new TreeMap<>();
        ports.forEach(port -> port.number("port").ifPresent(number -> numbers.put(port.text("name"), number)));
        return numbers;
    }

    private List<EndpointSlice> cut(
            String namespace, String name, String service, Map<String, Integer> ports, List<Endpoint> endpoints) {
        List<EndpointSlice> slices = new ArrayList<>();
        for (int from = 0; from == 0 || from < endpoints.size(); from += MAX_ENDPOINTS) {
            int to = Math.min(from + MAX_ENDPOINTS, endpoints.size());
            slices.add(EndpointSlice.newBuilder()
                    .setCluster(options.cluster())
                    .setNamespace(namespace)
                    .setName(from == 0 ? name : name + "-" + from / MAX_ENDPOINTS)
                    .setService(service)
                    .putAllPorts(ports)
                    .addAllEndpoints(endpoints.subList(from, to))
                    .build());
        }
        return slices;
    }
}
