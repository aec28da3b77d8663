package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.config.snapshot.Egress;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.CapturePorts;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.Discovery;
import io.flotilla.envoy.filter.Collectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A sidecar's outbound side: the capturing listener hands each connection to the listener of the address and port that
 * it was going to: one per service address for TCP, one per port for HTTP and for services without address.
 */
public final class OutboundListeners {
    /** Of the explicit proxy, where nothing is captured. */
    private static final int PORT = CapturePorts.STANDARD.outbound();

    private static final String LOCAL = "127.0.0.1";

    private final Scope scope;
    private final Egress egress;
    private final Collectors collectors;
    private final SortedMap<Integer, WildcardListener> byPort = new TreeMap<>();
    private final List<Listener> byAddress = new ArrayList<>();

    private OutboundListeners(Scope scope, Egress egress, Collectors collectors) {
        this.scope = scope;
        this.egress = egress;
        this.collectors = collectors;
    }

    /** The listeners of a sidecar. */
    public static List<Listener> of(Scope scope) {
        Collectors collectors = Collectors.sending(scope);
        List<Listener> listeners = new ArrayList<>();
        switch (scope.view().capture()) {
            case Capture.Explicit explicit ->
                listeners.add(scope.cache()
                        .get(
                                new VirtualListeners.HttpProxy(explicit.address(), PORT, collectors),
                                VirtualListeners.HttpProxy::build));
            case Capture.Redirect redirect -> {
                listeners.add(scope.cache()
                        .get(
                                new VirtualListeners.Outbound(
                                        scope.unknown(),
                                        redirect.families(),
                                        scope.capturePorts().outbound(),
                                        collectors),
                                VirtualListeners.Outbound::build));
                int proxy = scope.snapshot().meshConfig().getProxyHttpPort();
                if (proxy > 0) {
                    listeners.add(scope.cache()
                            .get(
                                    new VirtualListeners.HttpProxy(LOCAL, proxy, collectors),
                                    VirtualListeners.HttpProxy::build));
                }
            }
        }
        Set<String> taken = new HashSet<>();
        for (Egress egress : scope.egress()) {
            OutboundListeners work = new OutboundListeners(scope.through(egress), egress, collectors);
            // What comes first keeps its place: a listener of its own before the one for all ports.
            work.build().stream()
                    .filter(listener -> taken.add(listener.getName()))
                    .forEach(listeners::add);
        }
        return listeners;
    }

    private List<Listener> build() {
        if (!egress.everywhere()) {
            return Place.of(egress.listener(), scope.view().capture()).map(this::own).stream()
                    .toList();
        }
        boolean bound = egress.listener().getCaptureMode() == CaptureMode.NONE;
        if (scope.view().capture() instanceof Capture.Explicit && !bound) {
            return List.of();
        }
        for (MeshService service : scope.services()) {
            for (ServicePort port : service.ports()) {
                if (port.protocol() != Protocol.UDP) {
                    add(service, port);
                }
            }
        }
        List<Listener> listeners = new ArrayList<>(byAddress);
        byPort.values().forEach(wildcard -> listeners.add(scope.cache().get(wildcard, WildcardListener::build)));
        return listeners;
    }

    // A port of the Sidecar's own, for whatever of it is imported.
    private Listener own(Place place) {
        WildcardListener listener = empty(place);
        Optional<Protocol> said = Protocols.parse(egress.listener().getPort().getProtocol());
        if (egress.explicitProxy() || said.filter(Protocol::isHttp).isPresent()) {
            listener = listener.withHttp();
        }
        for (MeshService service : egress.explicitProxy() ? List.<MeshService>of() : scope.services()) {
            for (ServicePort port : service.ports()) {
                if (port.protocol().isHttp()) {
                    listener = listener.withHttp();
                } else if (port.protocol() != Protocol.UDP) {
                    List<String> ranges = place.tellsDestination() ? service.addresses() : List.of();
                    listener = listener.with(service, port, ranges, TcpRoutes.of(scope, service, port));
                }
            }
        }
        return scope.cache().get(listener, WildcardListener::build);
    }

    private WildcardListener empty(Place place) {
        // What is not known cannot go where it came from: that would be this very listener.
        String unknown =
                place.bound() && scope.unknown().equals(Names.PASSTHROUGH) ? Names.BLACK_HOLE : scope.unknown();
        return WildcardListener.empty(place, unknown, collectors, scope.tuning());
    }

    private void add(MeshService service, ServicePort port) {
        Place place = Place.of(egress.listener(), port.number(), scope.view().capture());
        WildcardListener known = byPort.containsKey(port.number()) ? byPort.get(port.number()) : empty(place);
        if (port.protocol().isHttp()) {
            byPort.put(port.number(), known.withHttp());
            return;
        }
        List<TcpRoutes.Way> ways = TcpRoutes.of(scope, service, port);
        List<String> own = place.bound() ? List.of() : addresses(service, port);
        for (String address : own) {
            AddressListener key = new AddressListener(
                    address, port.number(), port.protocol() == Protocol.AUTO, ways, collectors, scope.tuning());
            byAddress.add(scope.cache().get(key, AddressListener::build));
        }
        List<String> ranges = place.bound()
                ? List.of()
                : service.addresses().stream()
                        .filter(address -> address.contains("/"))
                        .toList();
        if (own.isEmpty() || !ranges.isEmpty()) {
            byPort.put(port.number(), known.with(service, port, ranges, ways));
        }
    }

    // A headless service's callers connect to its pods; a listener for all addresses would take others' calls too.
    private List<String> addresses(MeshService service, ServicePort port) {
        Stream<String> all = Discovery.headless(service)
                ? scope.snapshot().endpoints(service, port.number()).stream()
                        .flatMap(endpoint -> endpoint.addresses().stream())
                        .distinct()
                : service.addresses().stream();
        return all.filter(address -> !address.contains("/") && !address.equals("0.0.0.0"))
                .filter(scope.view().capture().families()::reaches)
                .toList();
    }
}
