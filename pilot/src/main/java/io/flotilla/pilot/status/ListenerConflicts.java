package io.flotilla.pilot.status;

import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.cluster.Discovery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Services that want the same listener. Of two that say of one port of a pod what is spoken, the first is believed; of
 * two TCP services at one address and port, or at one port without addresses, the first gets the connections; where TCP
 * and HTTP have one address, all of it is TCP. HTTP and TCP on a port without addresses are told apart and conflict not.
 */
final class ListenerConflicts {
    static final String INBOUND = "pilot_conflict_inbound_listener";
    static final String TCP_OVER_HTTP = "pilot_conflict_outbound_listener_tcp_over_current_http";
    static final String TCP_OVER_TCP = "pilot_conflict_outbound_listener_tcp_over_current_tcp";
    static final String HTTP_OVER_TCP = "pilot_conflict_outbound_listener_http_over_current_tcp";
    static final List<String> METRICS = List.of(INBOUND, TCP_OVER_HTTP, TCP_OVER_TCP, HTTP_OVER_TCP);

    private static final String ANY = "0.0.0.0";

    private final MeshSnapshot mesh;
    private final Map<String, Map<String, String>> found;
    private final Map<String, Claim> claims = new HashMap<>();

    /** Who was first at a place. */
    private record Claim(String host, boolean http) {}

    private ListenerConflicts(MeshSnapshot mesh, Map<String, Map<String, String>> found) {
        this.mesh = mesh;
        this.found = found;
    }

    /** Adds, by metric, the place to a few words; outbound as the root namespace sees the mesh. */
    static void find(MeshSnapshot mesh, Map<String, Map<String, String>> found) {
        ListenerConflicts inbound = new ListenerConflicts(mesh, found);
        mesh.services().forEach(service -> service.ports().forEach(port -> inbound.inbound(service, port)));
        ListenerConflicts outbound = new ListenerConflicts(mesh, found);
        mesh.visibleServices(mesh.settings().rootNamespace())
                .forEach(service -> service.ports().forEach(port -> outbound.outbound(service, port)));
    }

    private void inbound(MeshService service, ServicePort port) {
        if (service.external() || port.protocol() == Protocol.UDP || port.protocol() == Protocol.AUTO) {
            return;
        }
        boolean http = port.protocol().isHttp();
        for (MeshEndpoint endpoint : mesh.endpoints(service, port.number())) {
            if (!endpoint.workload().isEmpty()) {
                String place = endpoint.workload() + ":" + endpoint.port();
                Claim first = claims.putIfAbsent(place, new Claim(service.hostname(), http));
                if (first != null && first.http() != http) {
                    tell(INBOUND, place, first, service);
                }
            }
        }
    }

    private void outbound(MeshService service, ServicePort port) {
        if (port.protocol() == Protocol.UDP) {
            return;
        }
        List<String> addresses = Discovery.headless(service)
                ? mesh.endpoints(service, port.number()).stream()
                        .flatMap(endpoint -> endpoint.addresses().stream())
                        .distinct()
                        .toList()
                : service.addresses();
        for (String address : addresses.isEmpty() ? List.of(ANY) : addresses) {
            claim(service, port, address);
        }
    }

    private void claim(MeshService service, ServicePort port, String address) {
        Protocol protocol = port.protocol();
        boolean any = address.equals(ANY);
        boolean named = protocol == Protocol.TLS || protocol == Protocol.HTTPS;
        if (address.contains("/") || (any && (protocol.isHttp() || named))) {
            return;
        }
        String place = address + ":" + port.number();
        Claim first = claims.putIfAbsent(place, new Claim(service.hostname(), protocol.isHttp()));
        if (first == null || first.host().equals(service.hostname())) {
            return;
        }
        if (!first.http() && !protocol.isHttp()) {
            tell(TCP_OVER_TCP, place, first, service);
        } else if (first.http() != protocol.isHttp()) {
            tell(first.http() ? TCP_OVER_HTTP : HTTP_OVER_TCP, place, first, service);
        }
    }

    private void tell(String metric, String place, Claim first, MeshService second) {
        found.computeIfAbsent(metric, key -> new TreeMap<>())
                .put(place, "of " + first.host() + " and of " + second.hostname());
    }
}
