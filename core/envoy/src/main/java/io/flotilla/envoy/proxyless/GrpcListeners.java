package io.flotilla.envoy.proxyless;

import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.filter.HttpFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Listeners for gRPC's client (gRFC A27). A channel asks for the one that is named like its target, "NAME:PORT", so
 * there is one for each name under which a caller may ask for a host.
 */
public final class GrpcListeners {
    private GrpcListeners() {}

    /**
     * All that a listener is made of.
     *
     * @param name   a target
     * @param routes the RouteConfiguration's name
     */
    private record Target(String name, String routes) {
        private Listener build() {
            HttpConnectionManager calls = HttpConnectionManager.newBuilder()
                    .setRds(Rds.newBuilder().setConfigSource(Wire.ads()).setRouteConfigName(routes))
                    .addAllHttpFilters(HttpFilters.proxyless())
                    .build();
            return Listener.newBuilder()
                    .setName(name)
                    .setApiListener(ApiListener.newBuilder().setApiListener(Wire.any(calls)))
                    .build();
        }
    }

    /** The listeners of all hosts in these routes. */
    public static List<Listener> of(List<RouteConfiguration> byPort, ResourceCache cache) {
        List<Listener> listeners = new ArrayList<>();
        for (Map.Entry<String, VirtualHost> host : GrpcRoutes.hosts(byPort).entrySet()) {
            String port = host.getKey().substring(host.getKey().lastIndexOf(':'));
            host.getValue().getDomainsList().stream()
                    .filter(domain -> !domain.contains("*"))
                    .map(domain -> domain.endsWith(port) ? domain : domain + port)
                    .map(name -> cache.get(new Target(name, host.getKey()), Target::build))
                    .forEach(listeners::add);
        }
        return listeners;
    }
}
