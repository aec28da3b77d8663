package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.flotilla.api.networking.v1alpha3.CaptureMode;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.IstioEgressListener;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Balancers;
import io.flotilla.config.snapshot.Egress;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Moves;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.Protocols;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Capture;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of a sidecar's outbound side: one RouteConfiguration per port, named by it. */
public final class OutboundRoutes {
    /** The RouteConfiguration of the explicit proxy port, where applications name host and port themselves. */
    public static final String HTTP_PROXY = "http_proxy";

    private final Scope scope;
    private final String unknown;
    private final List<Config<VirtualService>> rules;

    private OutboundRoutes(Scope scope, String unknown) {
        this.scope = scope;
        this.unknown = unknown;
        this.rules = scope.virtualServices();
    }

    /** The RouteConfiguration of a Sidecar's listener on a port or socket of its own. */
    public static String name(IstioEgressListener listener) {
        return listener.getPort().getNumber() > 0
                ? Integer.toString(listener.getPort().getNumber())
                : listener.getBind();
    }

    /** One for each port on which some service speaks HTTP, and one for each listener of a Sidecar's own. */
    public static List<RouteConfiguration> of(Scope scope) {
        return of(scope, scope.egress());
    }

    /** The same, with that of the explicit proxy where MeshConfig's proxyHttpPort asks for one beside capture. */
    public static List<RouteConfiguration> captured(Scope scope) {
        List<RouteConfiguration> routes = new ArrayList<>(of(scope));
        if (scope.snapshot().meshConfig().getProxyHttpPort() > 0) {
            routes.add(httpProxy(scope));
        }
        return routes;
    }

    /** Those of a Sidecar's listeners that are bound where nothing is captured. */
    public static List<RouteConfiguration> own(Scope scope) {
        return of(
                scope,
                scope.egress().stream()
                        .filter(egress ->
                                !egress.everywhere() || egress.listener().getCaptureMode() == CaptureMode.NONE)
                        .toList());
    }

    private static List<RouteConfiguration> of(Scope scope, List<Egress> listeners) {
        Map<String, RouteConfiguration> byName = new TreeMap<>();
        for (Egress egress : listeners) {
            OutboundRoutes routes = new OutboundRoutes(scope.through(egress), unknown(scope, egress));
            if (egress.everywhere()) {
                httpPorts(routes.scope)
                        .forEach(port -> byName.computeIfAbsent(Integer.toString(port), name -> routes.ofPort(port)));
            } else if (speaksHttp(egress, routes.scope)) {
                byName.computeIfAbsent(name(egress.listener()), name -> routes.ofListener(name, egress));
            }
        }
        return List.copyOf(byName.values());
    }

    // A listener for TCP alone would never ask for routes.
    private static boolean speaksHttp(Egress egress, Scope through) {
        return egress.explicitProxy()
                || Protocols.parse(egress.listener().getPort().getProtocol())
                        .filter(Protocol::isHttp)
                        .isPresent()
                || !httpPorts(through).isEmpty();
    }

    /** One for all ports, in which hosts carry their port. */
    public static RouteConfiguration httpProxy(Scope scope) {
        OutboundRoutes routes = new OutboundRoutes(scope, scope.unknownHost());
        return routes.configuration(HTTP_PROXY, routes.allHosts(), false);
    }

    private List<VirtualHost> allHosts() {
        List<VirtualHost> hosts = new ArrayList<>();
        for (int port : httpPorts(scope)) {
            hosts.addAll(hosts(port, true));
        }
        return hosts;
    }

    // What comes to a bound listener and is not known has no other place to go to.
    private static String unknown(Scope scope, Egress egress) {
        boolean captured = scope.view().capture() instanceof Capture.Redirect
                && egress.listener().getCaptureMode() != CaptureMode.NONE
                && !egress.listener().getBind().startsWith("unix://");
        String host = scope.unknownHost();
        return captured || !host.equals(Names.PASSTHROUGH) ? host : Names.BLACK_HOLE;
    }

    /**
     * The configurations after some rules of the mesh got other routes, some hosts other services or DestinationRules, and
     * nothing else has changed; without a Sidecar. No host shares a domain with others, so each takes the place of the one
     * of its name. Empty where that cannot be told.
     *
     * @return those that differ
     */
    public static Optional<List<RouteConfiguration>> after(Scope scope, List<RouteConfiguration> before, Moves moved) {
        List<Config<VirtualService>> rules =
                moved.routes().isEmpty() ? List.of() : scope.reach().imports().virtualServices(moved.routes());
        OutboundRoutes routes = new OutboundRoutes(scope, scope.unknownHost());
        List<RouteConfiguration> all = new ArrayList<>();
        for (RouteConfiguration each : before) {
            if (each.getName().equals(HTTP_PROXY)) {
                return Optional.empty();
            }
            int port = Integer.parseInt(each.getName());
            Optional<RouteConfiguration> after = routes.moved(port, rules)
                    .flatMap(ofRules -> scope.caches()
                            .round()
                            .get(
                                    new HostSteps(Identity.of(each), ofRules, routes.moved(port, moved.services())),
                                    key -> key.take(each)));
            if (after.isEmpty()) {
                return Optional.empty();
            }
            all.add(after.get());
        }
        return Optional.of(all);
    }

    // By the names of virtual hosts; empty for those that are not there (any more).
    private Map<String, Optional<VirtualHost>> moved(int port, Set<String> hosts) {
        RuleScope where = ofMesh(port);
        Map<String, Optional<VirtualHost>> made = new TreeMap<>();
        for (String host : hosts) {
            Optional<MeshService> service = scope.service(host);
            Optional<ServicePort> found =
                    service.flatMap(each -> each.port(port)).filter(each -> mayBeHttp(each.protocol()));
            made.put(host + ":" + port, found.map(each -> host(service.get(), each, where, first(host, where), false)));
        }
        return made;
    }

    // Hosts that only a rule names come and go with their routes: they are left to a look at everything.
    private Optional<List<VirtualHost>> moved(int port, List<Config<VirtualService>> moved) {
        RuleScope where = ofMesh(port);
        List<VirtualHost> hosts = new ArrayList<>();
        for (Config<VirtualService> rule : moved) {
            for (String name : rule.spec().getHostsList()) {
                String host = Hostnames.resolve(
                        name, rule.namespace(), scope.settings().domainSuffix());
                Optional<MeshService> service = scope.service(host);
                if (service.isEmpty()) {
                    return Optional.empty();
                }
                boolean first = first(host, where)
                        .filter(each -> each.key().equals(rule.key()))
                        .isPresent();
                service.get()
                        .port(port)
                        .filter(found -> first && mayBeHttp(found.protocol()))
                        .ifPresent(found -> hosts.add(host(service.get(), found, where, Optional.of(rule), false)));
            }
        }
        return Optional.of(hosts);
    }

    // Of all that the proxy sees, not of one listener's.
    private Optional<Config<VirtualService>> first(String host, RuleScope where) {
        return scope.reach().imports().virtualServices(host).stream()
                .filter(where::binds)
                .findFirst();
    }

    private RuleScope ofMesh(int port) {
        return new RuleScope(
                Set.of(RuleScope.MESH),
                port,
                scope.view().labels(),
                scope.view().namespace());
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

    private RouteConfiguration ofListener(String name, Egress egress) {
        int port = egress.listener().getPort().getNumber();
        if (egress.explicitProxy()) {
            return configuration(name, allHosts(), false);
        }
        if (port > 0) {
            return ofPort(port);
        }
        List<VirtualHost> hosts = new ArrayList<>();
        // Over a socket no port is asked for: of a host's ports the first is meant.
        httpPorts(scope).forEach(each -> hosts.addAll(hosts(each, false)));
        return configuration(name, hosts, true);
    }

    private static boolean mayBeHttp(Protocol protocol) {
        return protocol.isHttp() || protocol == Protocol.AUTO;
    }

    private RouteConfiguration ofPort(int port) {
        return configuration(Integer.toString(port), hosts(port, false), true);
    }

    private RouteConfiguration configuration(String name, List<VirtualHost> hosts, boolean ignorePort) {
        List<VirtualHost> all = new ArrayList<>(hosts);
        all.add(VirtualHosts.fallthrough(unknown));
        return scope.cache().get(new RouteTable(name, all, ignorePort), RouteTable::build);
    }

    private List<VirtualHost> hosts(int port, boolean withPort) {
        RuleScope where = ofMesh(port);
        FirstRules first = new FirstRules(
                rules.stream().filter(where::binds).toList(), scope.settings().domainSuffix());
        List<VirtualHost> hosts = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (MeshService service : scope.services()) {
            service.port(port)
                    .filter(candidate -> mayBeHttp(candidate.protocol()))
                    .ifPresent(found -> {
                        known.add(service.hostname());
                        hosts.add(host(service, found, where, first.of(service.hostname()), withPort));
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
            boolean otherwiseKnown = scope.service(host).isPresent();
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
                                name + ":" + port,
                                withPort ? Domains.withPort(domains, port) : domains,
                                routes,
                                VirtualHosts.tellsAttempts(scope)),
                        VirtualHosts.Host::build);
    }

    private VirtualHost host(
            MeshService service,
            ServicePort port,
            RuleScope where,
            Optional<Config<VirtualService>> rule,
            boolean withPort) {
        List<Route> routes = rule.map(each -> RuleRoutes.of(scope, each, where)).orElse(List.of());
        return routes.isEmpty()
                ? scope.cache()
                        .get(plain(service, port, withPort), key -> host(service, port, withPort, plain(service, port)))
                : host(service, port, withPort, routes);
    }

    /** All that the host of a service without a rule depends on. */
    private record PlainHost(
            Identity service, Identity rule, Identity settings, int port, boolean withPort, boolean sameNamespace) {}

    private PlainHost plain(MeshService service, ServicePort port, boolean withPort) {
        return new PlainHost(
                Identity.of(service),
                Identity.of(scope.destinationRule(service)
                        .filter(rule -> Balancers.hash(rule.spec()))
                        .orElse(null)),
                Identity.of(scope.settings()),
                port.number(),
                withPort,
                service.namespace().equals(scope.view().namespace()));
    }

    private VirtualHost host(MeshService service, ServicePort port, boolean withPort, List<Route> routes) {
        List<String> domains =
                Domains.of(service, scope.view().namespace(), scope.settings().domainSuffix());
        return host(service.hostname(), domains, port.number(), withPort, routes);
    }

    private List<Route> plain(MeshService service, ServicePort port) {
        Targets.Resolved target = Targets.ofRequests(scope, service)
                .resolve(
                        Destination.newBuilder().setHost(service.hostname()).build(),
                        service.namespace(),
                        port.number());
        DefaultRoute key = new DefaultRoute(
                new Targets.Resolved(
                        service.hostname(), port.number(), "", port.protocol(), target.rule(), target.dynamic()),
                Standard.of(scope));
        return List.of(scope.cache().get(key, DefaultRoute::build));
    }
}
