package io.flotilla.envoy;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.cluster.StaticClusters;
import io.flotilla.envoy.cluster.UnknownNames;
import io.flotilla.envoy.filter.ExtensionConfigs;
import io.flotilla.envoy.gateway.AutoPassthrough;
import io.flotilla.envoy.gateway.EdgeDefault;
import io.flotilla.envoy.gateway.GatewayListeners;
import io.flotilla.envoy.gateway.GatewayRoutes;
import io.flotilla.envoy.listener.InboundListeners;
import io.flotilla.envoy.listener.InboundPorts;
import io.flotilla.envoy.listener.OutboundListeners;
import io.flotilla.envoy.patch.Patching;
import io.flotilla.envoy.proxyless.GrpcClusters;
import io.flotilla.envoy.proxyless.GrpcListeners;
import io.flotilla.envoy.proxyless.GrpcRoutes;
import io.flotilla.envoy.proxyless.GrpcServers;
import io.flotilla.envoy.route.OutboundRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
        if (scope.view().proxyless()) {
            return proxyless(scope, previous, types);
        }
        EnvoyResources made = new EnvoyResources(
                types.contains(ResourceType.LISTENER) ? listeners(scope) : previous.listeners(),
                types.contains(ResourceType.ROUTE) ? routes(scope) : previous.routes(),
                types.contains(ResourceType.CLUSTER) ? clusters(scope) : previous.clusters(),
                types.contains(ResourceType.ENDPOINT) ? endpoints(scope) : previous.endpoints(),
                types.contains(ResourceType.EXTENSION) ? ExtensionConfigs.of(scope) : previous.extensions(),
                previous.notes());
        return Patching.apply(scope, made, types);
    }

    // A client's listeners are named by hosts, and these come with routes. Patches are for Envoys.
    private static EnvoyResources proxyless(Scope scope, EnvoyResources previous, Set<ResourceType> types) {
        boolean routes = types.contains(ResourceType.ROUTE);
        boolean listeners = routes || types.contains(ResourceType.LISTENER);
        List<RouteConfiguration> byPort = listeners ? SharedParts.outboundRoutes(scope) : List.of();
        return new EnvoyResources(
                listeners ? proxyless(scope, byPort) : previous.listeners(),
                routes ? GrpcRoutes.of(byPort, scope.cache()) : previous.routes(),
                types.contains(ResourceType.CLUSTER)
                        ? GrpcClusters.of(SharedParts.outboundClusters(scope), scope.cache())
                        : previous.clusters(),
                types.contains(ResourceType.ENDPOINT) ? SharedParts.endpoints(scope) : previous.endpoints(),
                List.of());
    }

    private static List<Listener> proxyless(Scope scope, List<RouteConfiguration> byPort) {
        List<Listener> listeners = new ArrayList<>(GrpcListeners.of(byPort, scope.cache()));
        listeners.addAll(GrpcServers.of(scope));
        return listeners;
    }

    private static List<ClusterLoadAssignment> endpoints(Scope scope) {
        List<ClusterLoadAssignment> shared = SharedParts.endpoints(scope);
        List<ClusterLoadAssignment> passing = scope.view().router() ? AutoPassthrough.endpoints(scope) : List.of();
        return passing.isEmpty() ? shared : together(scope, shared, passing, ClusterLoadAssignment::getClusterName);
    }

    private static List<Listener> listeners(Scope scope) {
        if (scope.view().router()) {
            return GatewayListeners.of(scope);
        }
        List<Listener> outbound = switch (scope.view().capture()) {
            case Capture.Redirect redirect -> SharedParts.outboundListeners(scope);
            case Capture.Explicit explicit -> OutboundListeners.of(scope);
        };
        return together(scope, outbound, inbound(scope), Listener::getName);
    }

    /** Whose inbound side, and by which ports services reach it: the very list, which only services that select it change. */
    private record InboundFor(ProxyView view, Identity ports) {}

    // A small change touches no policy, and a service no sidecar that it does not select.
    private static List<Listener> inbound(Scope scope) {
        InboundFor key = new InboundFor(
                scope.view(),
                Identity.of(scope.snapshot()
                        .inboundPorts(scope.view().namespace(), scope.view().labels())));
        return scope.caches()
                .steps()
                .inbound()
                .of(
                        key,
                        scope.sidecar().isEmpty(),
                        (before, moved) -> Optional.of(before),
                        () -> InboundListeners.of(scope));
    }

    /** What one view has of its own, by its content, beside what it has in common with others. */
    private record Together(Identity common, List<? extends Message> own) {}

    // Views with the same of their own share the whole list too, so that nobody compares or packs it twice.
    private static <T extends Message> List<T> together(
            Scope scope, List<T> common, List<T> own, Function<? super T, String> name) {
        return scope.caches().round().get(new Together(Identity.of(common), own), key -> {
            List<T> sorted = EnvoyResources.sorted(common, name);
            return EnvoyResources.merged(sorted, own, name);
        });
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
        List<Cluster> own = new ArrayList<>();
        own.add(cache.get(new StaticClusters.BlackHole(timeout), StaticClusters.BlackHole::build));
        if (scope.view().router()) {
            own.addAll(AutoPassthrough.clusters(scope));
            own.addAll(EdgeDefault.clusters(scope));
        } else {
            own.add(cache.get(new StaticClusters.Passthrough(timeout), StaticClusters.Passthrough::build));
            if (scope.looksUpUnknown()) {
                UnknownNames key = new UnknownNames(
                        scope.view().capture().families(),
                        timeout,
                        scope.snapshot().meshConfig());
                own.add(cache.get(key, UnknownNames::build));
            }
            own.add(cache.get(
                    new StaticClusters.InboundPassthrough(
                            timeout, scope.view().capture().families()),
                    StaticClusters.InboundPassthrough::build));
            for (InboundPorts.Port port : InboundPorts.of(scope)) {
                StaticClusters.Inbound key = new StaticClusters.Inbound(
                        port.number(),
                        port.protocol(),
                        port.ingress(),
                        scope.view().capture(),
                        StaticClusters.Mesh.of(scope, port.operation(), port.number()));
                own.add(cache.get(key, StaticClusters.Inbound::build));
            }
        }
        return together(scope, SharedParts.outboundClusters(scope), own, Cluster::getName);
    }
}
