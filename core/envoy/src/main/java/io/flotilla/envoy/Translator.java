package io.flotilla.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.cluster.StaticClusters;
import io.flotilla.envoy.filter.ExtensionConfigs;
import io.flotilla.envoy.gateway.GatewayListeners;
import io.flotilla.envoy.gateway.GatewayRoutes;
import io.flotilla.envoy.listener.InboundListeners;
import io.flotilla.envoy.listener.InboundPorts;
import io.flotilla.envoy.listener.OutboundListeners;
import io.flotilla.envoy.route.OutboundRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The mesh at one moment, and a proxy's view, become what that proxy is told. */
public final class Translator {
    private Translator() {}

    /** Translates without remembering anything, with the peers that endpoints have at this moment. */
    public static EnvoyResources translate(MeshSnapshot snapshot, ProxyView view) {
        return translate(
                new Scope(snapshot, view, PeerIdentities.ofEndpoints(), Scope.Caches.none(), Tuning.defaults()));
    }

    /** Translates; resources that were built for an equal purpose before are the same objects. */
    public static EnvoyResources translate(Scope scope) {
        return translate(scope, EnvoyResources.NONE, EnumSet.allOf(ResourceType.class));
    }

    /** Translates some types again and takes over the others. */
    public static EnvoyResources translate(Scope scope, EnvoyResources previous, Set<ResourceType> types) {
        return new EnvoyResources(
                types.contains(ResourceType.LISTENER) ? listeners(scope) : previous.listeners(),
                types.contains(ResourceType.ROUTE) ? routes(scope) : previous.routes(),
                types.contains(ResourceType.CLUSTER) ? clusters(scope) : previous.clusters(),
                types.contains(ResourceType.ENDPOINT) ? SharedParts.endpoints(scope) : previous.endpoints(),
                types.contains(ResourceType.EXTENSION) ? ExtensionConfigs.of(scope) : previous.extensions());
    }

    private static List<Listener> listeners(Scope scope) {
        if (scope.view().router()) {
            return GatewayListeners.of(scope);
        }
        List<Listener> listeners = new ArrayList<>(
                switch (scope.view().capture()) {
                    case Capture.Redirect redirect -> SharedParts.outboundListeners(scope);
                    case Capture.Explicit explicit -> OutboundListeners.of(scope);
                });
        listeners.addAll(InboundListeners.of(scope));
        return listeners;
    }

    private static List<RouteConfiguration> routes(Scope scope) {
        if (scope.view().router()) {
            return GatewayRoutes.of(scope);
        }
        return switch (scope.view().capture()) {
            case Capture.Redirect redirect -> SharedParts.outboundRoutes(scope);
            case Capture.Explicit explicit -> {
                List<RouteConfiguration> routes = new ArrayList<>(OutboundRoutes.own(scope));
                routes.add(OutboundRoutes.httpProxy(scope));
                yield routes;
            }
        };
    }

    private static List<Cluster> clusters(Scope scope) {
        Duration timeout = scope.settings().connectTimeout();
        ResourceCache cache = scope.cache();
        List<Cluster> clusters = new ArrayList<>(SharedParts.outboundClusters(scope));
        clusters.add(cache.get(new StaticClusters.BlackHole(timeout), StaticClusters.BlackHole::build));
        if (!scope.view().router()) {
            clusters.add(cache.get(new StaticClusters.Passthrough(timeout), StaticClusters.Passthrough::build));
            clusters.add(cache.get(
                    new StaticClusters.InboundPassthrough(timeout), StaticClusters.InboundPassthrough::build));
            for (InboundPorts.Port port : InboundPorts.of(scope)) {
                StaticClusters.Inbound key = new StaticClusters.Inbound(
                        port.number(),
                        port.protocol(),
                        port.ingress(),
                        scope.view().capture(),
                        new StaticClusters.Mesh(timeout, scope.settings().classic()));
                clusters.add(cache.get(key, StaticClusters.Inbound::build));
            }
        }
        return clusters;
    }
}
