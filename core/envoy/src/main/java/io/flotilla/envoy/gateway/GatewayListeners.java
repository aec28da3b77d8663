package io.flotilla.envoy.gateway;

import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.authz.Guards;
import io.flotilla.envoy.filter.Collectors;
import io.flotilla.envoy.filter.TcpProxies;
import io.flotilla.envoy.gateway.EdgeServers.EdgeServer;
import io.flotilla.envoy.gateway.EdgeServers.Kind;
import io.flotilla.envoy.listener.MeshPeers;
import io.flotilla.envoy.listener.TcpRoutes;
import io.flotilla.envoy.route.RuleScope;
import io.flotilla.envoy.route.Targets;
import io.flotilla.envoy.tls.EdgeCredentials;
import io.flotilla.envoy.tls.Members;
import io.flotilla.envoy.wasm.Plugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The listeners of an edge: one per port and address, with the servers of all Gateways that choose it. */
public final class GatewayListeners {
    private GatewayListeners() {}

    /** All listeners of a router. */
    public static List<Listener> of(Scope scope) {
        Collectors collectors = Collectors.sending(scope);
        Members mesh = MeshPeers.of(scope).members();
        EdgeCredentials credentials = EdgeCredentials.of(scope.snapshot().mesh());
        List<Listener> listeners = new ArrayList<>();
        EdgeServers.of(scope).forEach((place, servers) -> {
            List<EdgeListener.Member> members = servers.stream()
                    .map(server -> new EdgeListener.Member(server, ways(scope, server), guards(scope, server, servers)))
                    .toList();
            EdgeListener key =
                    new EdgeListener(place, members, scope.view().capture().families(), collectors, mesh, credentials);
            Listener listener = scope.cache().get(key, EdgeListener::build);
            // A server without anything to lead to, TCP without rules, opens no port.
            if (listener.getFilterChainsCount() > 0) {
                listeners.add(listener);
            }
        });
        return listeners;
    }

    // Servers of plaintext HTTP in one place are one chain, before which the policies of all of them stand.
    private static Guards guards(Scope scope, EdgeServer server, List<EdgeServer> beside) {
        return Guards.edge(
                scope,
                server.listen(),
                server.kind() == Kind.HTTP
                        ? beside.stream().map(EdgeServer::gateway).distinct().toList()
                        : List.of(server.gateway()),
                Plugins.edge(scope, server.port()));
    }

    private static List<TcpRoutes.Way> ways(Scope scope, EdgeServer server) {
        if (server.kind() == Kind.HTTP || server.kind() == Kind.HTTPS) {
            return List.of();
        }
        if (server.kind() == Kind.AUTO_PASSTHROUGH) {
            List<String> names = AutoPassthrough.names(scope, server);
            return names.isEmpty()
                    ? List.of()
                    : List.of(new TcpRoutes.Way(
                            names, List.of(), List.of(), List.of(new TcpProxies.Share(Names.BLACK_HOLE, 1))));
        }
        RuleScope where = new RuleScope(
                Set.of(server.gatewayName()),
                server.port(),
                scope.view().labels(),
                scope.view().namespace());
        List<TcpRoutes.Way> ways = new ArrayList<>();
        for (Config<VirtualService> rule : scope.virtualServices()) {
            boolean admitted = where.binds(rule)
                    && !GatewayRoutes.domains(server, rule, scope.settings().domainSuffix())
                            .isEmpty();
            if (admitted) {
                ways.addAll(TcpRoutes.ways(rule, where, Targets.of(scope, rule), server.kind() == Kind.PASSTHROUGH));
            }
        }
        boolean named = server.kind() == Kind.PASSTHROUGH;
        server.defaultCluster()
                .filter(cluster -> ways.isEmpty())
                .ifPresent(cluster -> ways.add(new TcpRoutes.Way(
                        named ? server.hostNames() : List.of(),
                        List.of(),
                        List.of(),
                        List.of(new TcpProxies.Share(cluster, 1)))));
        return ways;
    }
}
