package io.flotilla.config.snapshot;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which services a workload serves on which of its ports. */
final class InboundIndex {
    private static final Comparator<InboundPort> ORDER = Comparator.comparingInt(InboundPort::endpointPort)
            .thenComparing(port -> port.service().hostname())
            .thenComparingInt(port -> port.servicePort().number());

    private record Who(String namespace, Map<String, String> labels) {}

    private final ServiceIndex services;
    private final WorkloadIndex workloads;
    private final EndpointIndex endpoints;
    private final Map<Who, List<InboundPort>> made = new ConcurrentHashMap<>();

    InboundIndex(ServiceIndex services, WorkloadIndex workloads, EndpointIndex endpoints) {
        this.services = services;
        this.workloads = workloads;
        this.endpoints = endpoints;
    }

    List<InboundPort> of(String namespace, Map<String, String> labels) {
        return made.computeIfAbsent(new Who(namespace, Map.copyOf(labels)), this::make);
    }

    private List<InboundPort> make(Who who) {
        List<InboundPort> ports = new ArrayList<>();
        for (ServiceDefinition definition : services.inNamespace(who.namespace())) {
            Map<String, String> selector = definition.selector();
            if (!selector.isEmpty() && who.labels().entrySet().containsAll(selector.entrySet())) {
                add(ports, definition, who);
            }
        }
        return ports.stream().distinct().sorted(ORDER).toList();
    }

    private void add(List<InboundPort> ports, ServiceDefinition definition, Who who) {
        MeshService service = definition.service();
        switch (definition) {
            case ServiceDefinition.Registered registered ->
                registered.config().spec().getPortsList().forEach(port -> {
                    int target = target(port, service, who);
                    service.port(port.getNumber())
                            .filter(each -> target > 0)
                            .ifPresent(each -> ports.add(new InboundPort(target, service, each)));
                });
            case ServiceDefinition.Declared declared ->
                declared.config().spec().getPortsList().forEach(port -> {
                    int own = workloads.declaredPort(who.namespace(), who.labels(), port.getName());
                    int said = port.getTargetPort() > 0 ? port.getTargetPort() : port.getNumber();
                    int target = own > 0 ? own : said;
                    service.port(port.getNumber()).ifPresent(each -> ports.add(new InboundPort(target, service, each)));
                });
        }
    }

    /** A named target is what workloads with these labels, or else the service's slices, call so; 0 for unknown. */
    private int target(io.flotilla.api.registry.v1.ServicePort port, MeshService service, Who who) {
        int own = workloads.declaredPort(who.namespace(), who.labels(), port.getName());
        if (own > 0) {
            return own;
        }
        if (port.getTargetNumber() > 0) {
            return port.getTargetNumber();
        }
        if (port.getTargetName().isEmpty()) {
            return port.getNumber();
        }
        Map<String, Integer> known = new HashMap<>();
        for (Workload workload : workloads.selected(who.namespace(), who.labels())) {
            workload.getNamedPortsMap().forEach(known::putIfAbsent);
        }
        Integer named = known.get(port.getTargetName());
        if (named != null) {
            return named;
        }
        return endpoints.slices(service.namespace(), service.name()).stream()
                .map(slice -> slice.spec().getPortsMap().get(port.getName()))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(0);
    }
}
