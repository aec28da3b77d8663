package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.filter.Collectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sidecar's outbound side: the capturing listener hands each connection to the listener of the address and port that
 * it was going to: one per service address for TCP, one per port for HTTP and for services without address.
 */
public final class OutboundListeners {
    /** Where captured outbound connections arrive. */
    public static final int PORT = 15001;

    private OutboundListeners() {}

    /** The listeners of a sidecar. */
    public static List<Listener> of(Scope scope) {
        Collectors collectors = Collectors.of(scope);
        boolean registryOnly = scope.settings().registryOnly();
        return switch (scope.view().capture()) {
            case Capture.Explicit explicit ->
                List.of(scope.cache()
                        .get(
                                new VirtualListeners.HttpProxy(explicit.address(), collectors),
                                VirtualListeners.HttpProxy::build));
            case Capture.Redirect redirect -> {
                List<Listener> listeners = new ArrayList<>();
                listeners.add(scope.cache()
                        .get(
                                new VirtualListeners.Outbound(registryOnly, collectors),
                                VirtualListeners.Outbound::build));
                TreeMap<Integer, WildcardListener> byPort = new TreeMap<>();
                for (MeshService service : scope.services()) {
                    for (ServicePort port : service.ports()) {
                        add(scope, service, port, collectors, byPort, listeners);
                    }
                }
                byPort.values()
                        .forEach(wildcard -> listeners.add(scope.cache().get(wildcard, WildcardListener::build)));
                yield listeners;
            }
        };
    }

    private static void add(
            Scope scope,
            MeshService service,
            ServicePort port,
            Collectors collectors,
            Map<Integer, WildcardListener> byPort,
            List<Listener> listeners) {
        if (port.protocol() == Protocol.UDP) {
            return;
        }
        WildcardListener empty =
                WildcardListener.empty(port.number(), scope.settings().registryOnly(), collectors, scope.tuning());
        if (port.protocol().isHttp()) {
            byPort.merge(port.number(), empty.withHttp(), (known, added) -> known.withHttp());
            return;
        }
        List<TcpRoutes.Way> ways = TcpRoutes.of(scope, service, port);
        List<String> own = service.addresses().stream()
                .filter(address -> !address.contains("/") && !address.equals("0.0.0.0"))
                .toList();
        for (String address : own) {
            AddressListener key = new AddressListener(
                    address, port.number(), port.protocol() == Protocol.AUTO, ways, collectors, scope.tuning());
            listeners.add(scope.cache().get(key, AddressListener::build));
        }
        List<String> ranges = service.addresses().stream()
                .filter(address -> address.contains("/"))
                .toList();
        if (own.isEmpty() || !ranges.isEmpty()) {
            WildcardListener known = byPort.getOrDefault(port.number(), empty);
            byPort.put(port.number(), known.with(service, port, ranges, ways));
        }
    }
}
