package io.flotilla.envoy.gateway;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.gateway.EdgeServers.EdgeServer;
import io.flotilla.envoy.gateway.EdgeServers.Kind;
import io.flotilla.envoy.route.RouteTable;
import io.flotilla.envoy.route.RuleRoutes;
import io.flotilla.envoy.route.RuleScope;
import io.flotilla.envoy.route.VirtualHosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of an edge: one RouteConfiguration for plaintext HTTP on a port, one for each server that ends TLS. */
public final class GatewayRoutes {
    private final Scope scope;

    private GatewayRoutes(Scope scope) {
        this.scope = scope;
    }

    /** All RouteConfigurations of a router. */
    public static List<RouteConfiguration> of(Scope scope) {
        GatewayRoutes routes = new GatewayRoutes(scope);
        Map<String, List<EdgeServer>> byName = new TreeMap<>();
        EdgeServers.of(scope).values().stream()
                .flatMap(List::stream)
                .filter(server -> server.kind() == Kind.HTTP || server.kind() == Kind.HTTPS)
                .forEach(server -> byName.computeIfAbsent(server.routeName(), name -> new ArrayList<>())
                        .add(server));
        List<RouteConfiguration> all = new ArrayList<>();
        byName.forEach((name, servers) -> all.add(routes.table(name, servers)));
        return all;
    }

    private RouteConfiguration table(String name, List<EdgeServer> servers) {
        Map<String, List<Route>> byDomain = new TreeMap<>();
        Set<String> redirected = new TreeSet<>();
        Set<String> taken = new TreeSet<>();
        for (EdgeServer server : servers) {
            if (server.server().getTls().getHttpsRedirect() && server.kind() == Kind.HTTP) {
                server.hostNames().forEach(host -> byDomain.computeIfAbsent(host, domain -> new ArrayList<>()));
                redirected.addAll(server.hostNames());
            }
            collect(server, byDomain, redirected, taken);
            server.defaultCluster().ifPresent(cluster -> otherwise(server, cluster, byDomain));
        }
        int port = servers.getFirst().port();
        List<VirtualHost> hosts = new ArrayList<>();
        byDomain.forEach((domain, routes) -> hosts.add(host(domain, port, routes, redirected.contains(domain))));
        if (hosts.isEmpty()) {
            hosts.add(VirtualHosts.notFound(port));
        }
        return scope.cache().get(new RouteTable(name, hosts, true), RouteTable::build);
    }

    // What no rule takes; several routes for everything may be there, of which the first holds.
    private void otherwise(EdgeServer server, String cluster, Map<String, List<Route>> byDomain) {
        server.hostNames().forEach(host -> byDomain.computeIfAbsent(host, domain -> new ArrayList<>()));
        Route route = scope.cache().get(new EdgeDefault(cluster), EdgeDefault::build);
        byDomain.forEach((domain, routes) -> {
            if (server.hostNames().stream().anyMatch(host -> Hostnames.subsetOf(domain, host))) {
                routes.add(route);
            }
        });
    }

    private void collect(
            EdgeServer server, Map<String, List<Route>> byDomain, Set<String> redirected, Set<String> taken) {
        RuleScope where = new RuleScope(
                Set.of(server.gatewayName()),
                server.port(),
                scope.view().labels(),
                scope.view().namespace());
        for (Config<VirtualService> rule : scope.virtualServices()) {
            if (!where.binds(rule)) {
                continue;
            }
            List<Route> routes = RuleRoutes.of(scope, rule, where);
            if (routes.isEmpty()) {
                continue;
            }
            for (String domain : domains(server, rule)) {
                // A rule that is bound to several servers of this port is there once.
                if (taken.add(domain + " " + rule.key())) {
                    byDomain.computeIfAbsent(domain, added -> new ArrayList<>()).addAll(routes);
                }
                if (server.server().getTls().getHttpsRedirect() && server.kind() == Kind.HTTP) {
                    redirected.add(domain);
                }
            }
        }
    }

    /** The hosts of a VirtualService that a server lets in, as narrow as either says. */
    static List<String> domains(EdgeServer server, Config<VirtualService> rule, String domainSuffix) {
        Set<String> domains = new TreeSet<>();
        for (String name : rule.spec().getHostsList()) {
            String host = Hostnames.resolve(name, rule.namespace(), domainSuffix);
            for (String allowed : server.server().getHostsList()) {
                allowed(allowed, server.gateway().namespace(), rule.namespace())
                        .flatMap(pattern -> Hostnames.narrower(pattern, host))
                        .ifPresent(domains::add);
            }
        }
        return List.copyOf(domains);
    }

    private List<String> domains(EdgeServer server, Config<VirtualService> rule) {
        return domains(server, rule, scope.settings().domainSuffix());
    }

    // "./HOST" is for the Gateway's own namespace, "NAMESPACE/HOST" for another, "HOST" and "*/HOST" for all.
    private static Optional<String> allowed(String pattern, String gatewayNamespace, String ruleNamespace) {
        int slash = pattern.indexOf('/');
        if (slash < 0) {
            return Optional.of(pattern);
        }
        String namespace = pattern.substring(0, slash);
        boolean admitted = namespace.equals("*")
                || namespace.equals(ruleNamespace)
                || (namespace.equals(".") && gatewayNamespace.equals(ruleNamespace));
        return admitted ? Optional.of(pattern.substring(slash + 1)) : Optional.empty();
    }

    // Several VirtualServices may have one host: what takes everything comes after the rest.
    private VirtualHost host(String domain, int port, List<Route> routes, boolean redirect) {
        List<Route> ordered = new ArrayList<>(
                routes.stream().filter(route -> !RuleRoutes.catchesAll(route)).toList());
        routes.stream().filter(RuleRoutes::catchesAll).findFirst().ifPresent(ordered::add);
        VirtualHosts.Host key =
                new VirtualHosts.Host(domain + ":" + port, List.of(domain), ordered, VirtualHosts.tellsAttempts(scope));
        VirtualHost host = scope.cache().get(key, VirtualHosts.Host::build);
        return redirect
                ? host.toBuilder()
                        .setRequireTls(VirtualHost.TlsRequirementType.ALL)
                        .build()
                : host;
    }
}
