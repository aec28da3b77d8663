package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Hostnames;
import io.flotilla.envoy.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The routes of a sidecar's outbound side: one RouteConfiguration per port, named by it. */
public final class OutboundRoutes {
    /** The RouteConfiguration of the explicit proxy port, where applications name host and port themselves. */
    public static final String HTTP_PROXY = "http_proxy";

    private final Scope scope;
    private final List<Config<VirtualService>> rules;

    private OutboundRoutes(Scope scope) {
        this.scope = scope;
        this.rules = scope.snapshot().virtualServices(scope.view().namespace());
    }

    /** One for each port on which some service speaks HTTP. */
    public static List<RouteConfiguration> of(Scope scope) {
        OutboundRoutes routes = new OutboundRoutes(scope);
        return httpPorts(scope).stream().map(routes::ofPort).toList();
    }

    /** One for all ports, in which hosts carry their port. */
    public static RouteConfiguration httpProxy(Scope scope) {
        OutboundRoutes routes = new OutboundRoutes(scope);
        List<VirtualHost> hosts = new ArrayList<>();
        for (int port : httpPorts(scope)) {
            hosts.addAll(routes.hosts(port, true));
        }
        return routes.configuration(HTTP_PROXY, hosts, false);
    }

    /** Ports on which some visible service speaks HTTP, or might. */
    public static Set<Integer> httpPorts(Scope scope) {
        Set<Integer> ports = new TreeSet<>();
        scope.services()
                .forEach(service -> service.ports().stream()
                        .filter(port -> mayBeHttp(port.protocol()))
                        .forEach(port -> ports.add(port.number())));
        return ports;
    }

    private static boolean mayBeHttp(Protocol protocol) {
        return protocol.isHttp() || protocol == Protocol.AUTO;
    }

    private RouteConfiguration ofPort(int port) {
        return configuration(Integer.toString(port), hosts(port, false), true);
    }

    private RouteConfiguration configuration(String name, List<VirtualHost> hosts, boolean ignorePort) {
        List<VirtualHost> all = new ArrayList<>(hosts);
        all.add(VirtualHosts.fallthrough(scope.settings().registryOnly()));
        return scope.cache().get(new RouteTable(name, all, ignorePort), RouteTable::build);
    }

    private List<VirtualHost> hosts(int port, boolean withPort) {
        RuleScope where = new RuleScope(
                Set.of(RuleScope.MESH),
                port,
                scope.view().labels(),
                scope.view().namespace());
        List<VirtualHost> hosts = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (MeshService service : scope.services()) {
            service.port(port)
                    .filter(candidate -> mayBeHttp(candidate.protocol()))
                    .ifPresent(found -> {
                        known.add(service.hostname());
                        List<String> domains = Domains.of(
                                service,
                                scope.view().namespace(),
                                scope.settings().domainSuffix());
                        hosts.add(host(service.hostname(), domains, port, withPort, routes(service, found, where)));
                    });
        }
        for (Config<VirtualService> rule : rules) {
            hosts.addAll(ownHosts(rule, where, known, withPort));
        }
        return hosts;
    }

    // Hosts that exist only because a VirtualService names them.
    private List<VirtualHost> ownHosts(
            Config<VirtualService> rule, RuleScope where, Set<String> known, boolean withPort) {
        List<VirtualHost> hosts = new ArrayList<>();
        if (!where.binds(rule)) {
            return hosts;
        }
        for (String name : rule.spec().getHostsList()) {
            String host =
                    Hostnames.resolve(name, rule.namespace(), scope.settings().domainSuffix());
            boolean otherwiseKnown =
                    scope.snapshot().service(host, scope.view().namespace()).isPresent();
            if (otherwiseKnown || host.equals("*") || !known.add(host)) {
                continue;
            }
            List<Route> routes = RuleRoutes.of(scope, rule, where);
            if (!routes.isEmpty()) {
                hosts.add(host(host, List.of(host), where.port(), withPort, routes));
            }
        }
        return hosts;
    }

    private VirtualHost host(String name, List<String> domains, int port, boolean withPort, List<Route> routes) {
        return scope.cache()
                .get(
                        new VirtualHosts.Host(
                                name + ":" + port, withPort ? Domains.withPort(domains, port) : domains, routes),
                        VirtualHosts.Host::build);
    }

    private List<Route> routes(MeshService service, ServicePort port, RuleScope where) {
        Optional<Config<VirtualService>> first = rules.stream()
                .filter(where::binds)
                .filter(rule -> covers(rule, service.hostname()))
                .findFirst();
        List<Route> routes =
                first.map(rule -> RuleRoutes.of(scope, rule, where)).orElse(List.of());
        if (!routes.isEmpty()) {
            return routes;
        }
        Targets.Resolved target = Targets.of(scope, service)
                .resolve(
                        Destination.newBuilder().setHost(service.hostname()).build(),
                        service.namespace(),
                        port.number());
        DefaultRoute key = new DefaultRoute(
                new Targets.Resolved(service.hostname(), port.number(), "", port.protocol(), target.rule()),
                scope.settings().classic());
        return List.of(scope.cache().get(key, DefaultRoute::build));
    }

    private boolean covers(Config<VirtualService> rule, String host) {
        return rule.spec().getHostsList().stream()
                .map(name -> Hostnames.resolve(
                        name, rule.namespace(), scope.settings().domainSuffix()))
                .anyMatch(pattern -> Hostnames.covers(pattern, host));
    }
}
