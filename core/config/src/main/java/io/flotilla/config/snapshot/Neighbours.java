package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who else would notice that hosts come, go or change. One look at each, since it is done once for a change. */
final class Neighbours {
    /** What of a VirtualService depends on the hosts. */
    enum Met {
        NOTHING,
        /** HTTP routes that lead to them. */
        ROUTES,
        MORE
    }

    private final Set<String> hosts;
    private final String suffix;
    private final Set<Integer> ports = new HashSet<>();
    // The names and addresses by which callers ask for them, other than the hosts themselves.
    private final Set<String> names = new HashSet<>();
    private final Set<String> addresses = new HashSet<>();
    private final boolean shared;

    /** @param involved the services before and after the change */
    Neighbours(Set<String> hosts, Collection<MeshService> involved, String domainSuffix) {
        this.hosts = hosts;
        this.suffix = ".svc." + domainSuffix;
        Map<String, String> owners = new HashMap<>();
        boolean several = false;
        for (MeshService service : involved) {
            service.ports().forEach(port -> ports.add(port.number()));
            addresses.addAll(service.addresses());
            for (String address : service.addresses()) {
                String owner = owners.putIfAbsent(address, service.hostname());
                several |= owner != null && !owner.equals(service.hostname());
            }
            String host = service.hostname();
            if (host.endsWith(suffix)) {
                String shorter = host.substring(0, host.length() - suffix.length());
                names.add(shorter + ".svc");
                names.add(shorter);
                names.add(service.name());
            }
        }
        shared = several;
    }

    /** Whether the hosts share no name or address with others: of two with the same, one goes without. */
    boolean apart(ServiceIndex services) {
        if (hosts.stream().anyMatch(host -> host.indexOf('.') < 0 || host.endsWith(".svc"))
                || hosts.stream()
                        .anyMatch(host -> !services.named(host + suffix).isEmpty())
                || names.stream().anyMatch(name -> !services.named(name).isEmpty())
                || addresses.stream().anyMatch(address -> address.contains(":") || address.contains("/"))) {
            return false;
        }
        if (!addresses.isEmpty()) {
            for (MeshService service : services.services()) {
                if (!Collections.disjoint(service.addresses(), addresses) && !hosts.contains(service.hostname())) {
                    return false;
                }
            }
        }
        return !shared;
    }

    /** Whether others, seen by all, speak HTTP on each port on which the hosts do: then no listener tells the hosts. */
    boolean speakAsOthers(ServiceIndex services) {
        Set<Integer> alone = new HashSet<>(ports);
        for (MeshService service : services.services()) {
            if (alone.isEmpty()) {
                break;
            }
            if (service.exportTo().contains("*") && !hosts.contains(service.hostname())) {
                spoken(service, alone, services);
            }
        }
        return alone.isEmpty();
    }

    // A host of several namespaces may be another service for each client.
    private static void spoken(MeshService service, Set<Integer> alone, ServiceIndex services) {
        service.ports().forEach(port -> {
            if (port.protocol().isHttp()
                    && alone.contains(port.number())
                    && services.named(service.hostname()).size() == 1) {
                alone.remove(port.number());
            }
        });
    }

    /**
     * What of a VirtualService depends on the hosts.
     *
     * @param rulesOnly whether the services are what they were
     */
    Met met(Config<VirtualService> rule, boolean rulesOnly) {
        VirtualService spec = rule.spec();
        if (!rulesOnly && names(spec.getHostsList(), rule.namespace())) {
            return Met.MORE;
        }
        if (spec.getTcpCount() + spec.getTlsCount() > 0
                && Destinations.of(spec).anyMatch(destination -> leads(destination, rule.namespace()))) {
            return Met.MORE;
        }
        for (HTTPRoute route : spec.getHttpList()) {
            if (leads(route, rule.namespace())) {
                return Met.ROUTES;
            }
        }
        return Met.NOTHING;
    }

    private boolean names(List<String> said, String namespace) {
        for (String name : said) {
            if (hosts.contains(name) || names.contains(name) || addresses.contains(name) || isShort(name, namespace)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("deprecation") // `mirror` is what older files have
    private boolean leads(HTTPRoute route, String namespace) {
        for (HTTPRouteDestination each : route.getRouteList()) {
            if (leads(each.getDestination(), namespace)) {
                return true;
            }
        }
        return (route.hasMirror() && leads(route.getMirror(), namespace))
                || route.getMirrorsList().stream().anyMatch(mirror -> leads(mirror.getDestination(), namespace));
    }

    private boolean leads(Destination destination, String namespace) {
        String host = destination.getHost();
        return hosts.contains(host) || isShort(host, namespace);
    }

    private boolean isShort(String name, String namespace) {
        return name.indexOf('.') < 0 && !name.isEmpty() && hosts.contains(name + "." + namespace + suffix);
    }
}
