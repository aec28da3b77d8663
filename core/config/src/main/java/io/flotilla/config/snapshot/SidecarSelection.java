package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Chooses what a Sidecar's egress listeners import, of what its namespace sees. */
final class SidecarSelection {
    private static final String MESH = "mesh";
    private static final IstioEgressListener EVERYTHING =
            IstioEgressListener.newBuilder().addHosts("*/*").build();

    private final ServiceIndex services;
    private final RouteIndex routes;
    private final MeshSettings settings;
    private final String namespace;

    SidecarSelection(ServiceIndex services, RouteIndex routes, MeshSettings settings, String namespace) {
        this.services = services;
        this.routes = routes;
        this.settings = settings;
        this.namespace = namespace;
    }

    SidecarImports of(Config<Sidecar> sidecar) {
        List<IstioEgressListener> listeners = sidecar.spec().getEgressCount() == 0
                ? List.of(EVERYTHING)
                : sidecar.spec().getEgressList();
        SortedMap<String, MeshService> byHost = new TreeMap<>();
        List<Egress> egress = new ArrayList<>();
        for (IstioEgressListener listener : listeners) {
            ImportedHosts hosts = ImportedHosts.of(listener.getHostsList(), namespace);
            egress.add(new Egress(listener, ofListener(listener, hosts, byHost), rules(hosts)));
        }
        Set<Config<VirtualService>> some = Collections.newSetFromMap(new IdentityHashMap<>());
        egress.forEach(each -> some.addAll(each.virtualServices()));
        List<Config<VirtualService>> all =
                routes.visible(namespace).all().stream().filter(some::contains).toList();
        for (Config<VirtualService> rule : all) {
            Destinations.of(rule.spec()).forEach(destination -> reached(destination, rule.namespace(), byHost));
        }
        if (sidecar.spec().getOutboundTrafficPolicy().hasEgressProxy()) {
            reached(sidecar.spec().getOutboundTrafficPolicy().getEgressProxy(), sidecar.namespace(), byHost);
        }
        return new SidecarImports(sidecar, byHost, new RankedRules(all, settings.domainSuffix()), egress);
    }

    // A route that is imported works, whether or not the services behind it are imported by themselves.
    private void reached(Destination destination, String owner, SortedMap<String, MeshService> byHost) {
        String host = Hostnames.resolve(destination.getHost(), owner, settings.domainSuffix());
        services.service(host, namespace).ifPresent(service -> byHost.merge(host, service, SidecarSelection::both));
    }

    private List<MeshService> ofListener(
            IstioEgressListener listener, ImportedHosts hosts, SortedMap<String, MeshService> byHost) {
        SortedMap<String, MeshService> chosen = new TreeMap<>();
        for (MeshService service : imported(hosts).values()) {
            narrowed(service, listener).ifPresent(narrowed -> {
                chosen.put(service.hostname(), spoken(narrowed, listener));
                byHost.merge(service.hostname(), narrowed, SidecarSelection::both);
            });
        }
        return List.copyOf(chosen.values());
    }

    private SortedMap<String, MeshService> imported(ImportedHosts hosts) {
        SortedMap<String, MeshService> imported = new TreeMap<>();
        if (hosts.anywhere()) {
            services.visible(namespace).stream()
                    .filter(hosts::covers)
                    .forEach(each -> imported.put(each.hostname(), each));
        }
        for (String owner : hosts.namespaces()) {
            services.inNamespace(owner).stream()
                    .map(ServiceDefinition::service)
                    .filter(each -> ExportTo.sees(each.exportTo(), namespace))
                    .filter(hosts::covers)
                    .forEach(each -> imported.merge(each.hostname(), each, this::preferred));
        }
        return imported;
    }

    private MeshService preferred(MeshService first, MeshService second) {
        return !first.namespace().equals(namespace) && second.namespace().equals(namespace) ? second : first;
    }

    // A listener on a port is for that port of the services; one that is used as a proxy is for all.
    private static Optional<MeshService> narrowed(MeshService service, IstioEgressListener listener) {
        int number = listener.getPort().getNumber();
        return number == 0 || Egress.isProxy(listener)
                ? Optional.of(service)
                : service.port(number).map(port -> service.withPorts(List.of(port)));
    }

    // What the listener's port says of the protocol holds for its connections.
    private static MeshService spoken(MeshService service, IstioEgressListener listener) {
        return Protocols.parse(listener.getPort().getProtocol())
                .map(protocol -> service.withPorts(service.ports().stream()
                        .map(port -> new ServicePort(port.name(), port.number(), protocol))
                        .toList()))
                .orElse(service);
    }

    private static MeshService both(MeshService first, MeshService second) {
        SortedMap<Integer, ServicePort> ports = new TreeMap<>();
        second.ports().forEach(port -> ports.put(port.number(), port));
        first.ports().forEach(port -> ports.put(port.number(), port));
        return first.ports().size() == ports.size() ? first : first.withPorts(List.copyOf(ports.values()));
    }

    private List<Config<VirtualService>> rules(ImportedHosts hosts) {
        return routes.visible(namespace).all().stream()
                .filter(rule -> rule.spec().getGatewaysCount() == 0
                        || rule.spec().getGatewaysList().contains(MESH))
                .filter(rule -> rule.spec().getHostsList().stream()
                        .map(host -> Hostnames.resolve(host, rule.namespace(), settings.domainSuffix()))
                        .anyMatch(host -> hosts.covers(rule.namespace(), host)))
                .toList();
    }
}
