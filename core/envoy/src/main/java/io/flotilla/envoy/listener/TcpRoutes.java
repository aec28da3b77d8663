package io.flotilla.envoy.listener;

import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.L4MatchAttributes;
import io.flotilla.api.networking.v1alpha3.RouteDestination;
import io.flotilla.api.networking.v1alpha3.TCPRoute;
import io.flotilla.api.networking.v1alpha3.TLSMatchAttributes;
import io.flotilla.api.networking.v1alpha3.TLSRoute;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.config.snapshot.ServicePort;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.cluster.Discovery;
import io.flotilla.envoy.cluster.TrafficPolicies;
import io.flotilla.envoy.filter.TcpProxies.Share;
import io.flotilla.envoy.filter.TcpSettings;
import io.flotilla.envoy.route.RuleScope;
import io.flotilla.envoy.route.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where connections to a port that is not HTTP go, by the VirtualService's `tls` and `tcp` rules. */
public final class TcpRoutes {
    private TcpRoutes() {}

    /**
     * One way for connections.
     *
     * @param serverNames SNI, empty for any
     * @param subnets     of the destination, empty for any
     * @param sources     addresses of the caller, empty for any
     * @param shares      clusters by weight
     */
    public record Way(List<String> serverNames, List<String> subnets, List<String> sources, List<Share> shares) {
        /** Takes every connection. */
        public boolean catchesAll() {
            return serverNames.isEmpty() && subnets.isEmpty() && sources.isEmpty();
        }

        /** What Envoy compares; nothing for a way that takes every connection. */
        public FilterChainMatch.Builder match() {
            FilterChainMatch.Builder match = FilterChainMatch.newBuilder().addAllServerNames(serverNames);
            subnets.forEach(subnet -> match.addPrefixRanges(Chains.cidr(subnet)));
            sources.forEach(source -> match.addSourcePrefixRanges(Chains.cidr(source)));
            return match;
        }
    }

    /** The ways for one port of a service, the catch-all last; without a rule that applies it is the service itself. */
    static List<Way> of(Scope scope, MeshService service, ServicePort port) {
        RuleScope where = new RuleScope(
                java.util.Set.of(RuleScope.MESH),
                port.number(),
                scope.view().labels(),
                scope.view().namespace());
        List<Way> ways = new ArrayList<>(scope.virtualServices().stream()
                .filter(where::binds)
                .filter(rule -> names(scope, rule, service.hostname()))
                .findFirst()
                .map(rule -> ways(rule, where, Targets.of(scope, rule), isTls(port.protocol())))
                .orElse(List.of()));
        if (ways.stream().noneMatch(Way::catchesAll)) {
            Targets targets = Targets.of(scope, service);
            Targets.Resolved itself = targets.resolve(
                    Destination.newBuilder().setHost(service.hostname()).build(), service.namespace(), port.number());
            // A name that is looked up must be one of the service's, whatever address it was sent to.
            List<String> names = Discovery.dynamic(service, port) ? List.of(service.hostname()) : List.of();
            ways.add(new Way(names, List.of(), List.of(), List.of(share(itself, 1, targets))));
        }
        return ways;
    }

    static boolean isTls(Protocol protocol) {
        return protocol == Protocol.HTTPS || protocol == Protocol.TLS;
    }

    private static boolean names(Scope scope, Config<VirtualService> rule, String host) {
        return rule.spec().getHostsList().stream()
                .map(name -> Hostnames.resolve(
                        name, rule.namespace(), scope.settings().domainSuffix()))
                .anyMatch(pattern -> Hostnames.subsetOf(host, pattern));
    }

    /** The ways of one VirtualService's rules that can apply here, in order, up to the first that takes everything. */
    public static List<Way> ways(Config<VirtualService> rule, RuleScope where, Targets targets, boolean tls) {
        List<Way> ways = new ArrayList<>();
        if (tls) {
            for (TLSRoute route : rule.spec().getTlsList()) {
                for (TLSMatchAttributes match : route.getMatchList()) {
                    if (where.matches(
                            match.getGatewaysList(),
                            match.getPort(),
                            match.getSourceLabelsMap(),
                            match.getSourceNamespace(),
                            rule.namespace())) {
                        ways.add(new Way(
                                match.getSniHostsList(),
                                match.getDestinationSubnetsList(),
                                source(match.getSourceSubnet()),
                                shares(route.getRouteList(), rule, where, targets)));
                    }
                }
            }
        }
        for (TCPRoute route : rule.spec().getTcpList()) {
            Optional<Way> all = tcp(rule, route, where, targets, ways);
            if (all.isPresent()) {
                ways.add(all.get());
                return ways;
            }
        }
        return ways;
    }

    private static Optional<Way> tcp(
            Config<VirtualService> rule, TCPRoute route, RuleScope where, Targets targets, List<Way> ways) {
        List<Share> shares = shares(route.getRouteList(), rule, where, targets);
        if (route.getMatchCount() == 0) {
            return Optional.of(new Way(List.of(), List.of(), List.of(), shares));
        }
        for (L4MatchAttributes match : route.getMatchList()) {
            if (where.matches(
                    match.getGatewaysList(),
                    match.getPort(),
                    match.getSourceLabelsMap(),
                    match.getSourceNamespace(),
                    rule.namespace())) {
                Way way =
                        new Way(List.of(), match.getDestinationSubnetsList(), source(match.getSourceSubnet()), shares);
                if (way.catchesAll()) {
                    return Optional.of(way);
                }
                ways.add(way);
            }
        }
        return Optional.empty();
    }

    private static List<Share> shares(
            List<RouteDestination> routes, Config<VirtualService> rule, RuleScope where, Targets targets) {
        List<Share> shares = new ArrayList<>();
        for (RouteDestination route : routes) {
            Targets.Resolved target = targets.resolve(route.getDestination(), rule.namespace(), where.port());
            int weight = routes.size() == 1 ? 1 : route.getWeight();
            shares.add(share(target, weight, targets));
        }
        return shares;
    }

    private static Share share(Targets.Resolved target, int weight, Targets targets) {
        TcpSettings settings = TcpSettings.of(
                target.rule()
                        .map(found -> TrafficPolicies.effective(found, target.subset(), target.port()))
                        .orElse(TrafficPolicy.getDefaultInstance()),
                targets.pool());
        boolean named = target.dynamic() && isTls(target.protocol());
        return new Share(target.cluster(), weight, settings, named ? target.port() : 0);
    }

    private static List<String> source(String subnet) {
        return subnet.isEmpty() ? List.of() : List.of(subnet);
    }
}
