package io.flotilla.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.cluster.OutboundClusters;
import io.flotilla.envoy.cluster.StaticClusters;
import io.flotilla.envoy.endpoint.LoadAssignments;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.gateway.GatewayListeners;
import io.flotilla.envoy.gateway.GatewayRoutes;
import io.flotilla.envoy.listener.InboundListeners;
import io.flotilla.envoy.listener.InboundPorts;
import io.flotilla.envoy.listener.OutboundListeners;
import io.flotilla.envoy.route.OutboundRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The mesh at one moment, and a proxy's view, become what that proxy is told. */
public final class Translator {
    private Translator() {}

    /** Translates without remembering anything, with the peers that endpoints have at this moment. */
    public static EnvoyResources translate(MeshSnapshot snapshot, ProxyView view) {
        return translate(
                new Scope(snapshot, view, PeerIdentities.ofEndpoints(), ResourceCache.none(), Tuning.defaults()));
    }

    /** Translates; resources that were built for an equal purpose before are the same objects. */
    public static EnvoyResources translate(Scope scope) {
        return new EnvoyResources(listeners(scope), routes(scope), clusters(scope), LoadAssignments.of(scope));
    }

    private static List<Listener> listeners(Scope scope) {
        if (scope.view().router()) {
            return GatewayListeners.of(scope);
        }
        List<Listener> listeners = new ArrayList<>(OutboundListeners.of(scope));
        listeners.addAll(InboundListeners.of(scope));
        return listeners;
    }

    private static List<RouteConfiguration> routes(Scope scope) {
        if (scope.view().router()) {
            return GatewayRoutes.of(scope);
        }
        return switch (scope.view().capture()) {
            case Capture.Redirect redirect -> OutboundRoutes.of(scope);
            case Capture.Explicit explicit -> List.of(OutboundRoutes.httpProxy(scope));
        };
    }

    private static List<Cluster> clusters(Scope scope) {
        List<Cluster> clusters = new ArrayList<>(OutboundClusters.of(scope));
        clusters.addAll(Collectors.clusters(scope));
        Duration timeout = scope.settings().connectTimeout();
        clusters.add(scope.cache().get(new StaticClusters.BlackHole(timeout), StaticClusters.BlackHole::build));
        if (!scope.view().router()) {
            clusters.add(scope.cache()
                    .get(new StaticClusters.Passthrough(timeout), StaticClusters.Passthrough::build));
            clusters.add(scope.cache()
                    .get(new StaticClusters.InboundPassthrough(timeout), StaticClusters.InboundPassthrough::build));
            for (InboundPorts.Port port : InboundPorts.of(scope)) {
                StaticClusters.Inbound key = new StaticClusters.Inbound(
                        port.number(), port.protocol(), scope.view().capture(), timeout);
                clusters.add(scope.cache().get(key, StaticClusters.Inbound::build));
            }
        }
        return clusters;
    }
}
