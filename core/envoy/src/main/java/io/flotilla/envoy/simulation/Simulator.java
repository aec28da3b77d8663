package io.flotilla.envoy.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Families;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Walks a call through what a proxy was told: listener, filter chain, virtual host, route, cluster. It decides as Envoy
 * does (its answers are compared with a real one), but for RE2: expressions are those of the JDK here.
 */
public final class Simulator {
    static final int NOT_FOUND = 404;
    private static final int MOVED = 301;
    private static final int FORBIDDEN = 403;
    static final int UPGRADE_REQUIRED = 426;

    private final EnvoyResources resources;

    public Simulator(EnvoyResources resources) {
        this.resources = resources;
    }

    /** What becomes of what an application sends and the kernel redirects. */
    public Outcome outbound(Call call) {
        return captured(call).outcome();
    }

    /** What becomes of what comes to a port of an edge. */
    public Outcome edge(Call call) {
        return atEdge(call).outcome();
    }

    /** The way of what an application sends and the kernel redirects. */
    public Passage captured(Call call) {
        return listener(call.address() + "_" + call.port())
                .or(() -> listener("0.0.0.0_" + call.port()).filter(found -> takes(found, call.address())))
                .or(() -> listener("virtualOutbound"))
                .map(listener -> through(listener, call))
                .orElse(Passage.refused("no listener"));
    }

    /** The way of what comes to a port of an edge. */
    public Passage atEdge(Call call) {
        return listener(call.address() + "_" + call.port())
                .or(() -> listener("0.0.0.0_" + call.port()))
                .map(listener -> through(listener, call))
                .orElse(Passage.refused("no listener"));
    }

    /** The way of what comes to the pod of a sidecar. */
    public Passage atPod(Call call) {
        return listener("virtualInbound")
                .map(listener -> through(listener, call))
                .orElse(Passage.refused("no listener"));
    }

    // A listener for any address is one for any address of its family.
    private static boolean takes(Listener listener, String address) {
        return Stream.concat(
                        Stream.of(listener.getAddress()),
                        listener.getAdditionalAddressesList().stream().map(AdditionalAddress::getAddress))
                .anyMatch(each -> Families.isV6(each.getSocketAddress().getAddress()) == Families.isV6(address));
    }

    private Optional<Listener> listener(String name) {
        return resources.listeners().stream()
                .filter(listener -> listener.getName().equals(name))
                .findFirst();
    }

    private Passage through(Listener listener, Call call) {
        Optional<FilterChain> chain = ChainMatching.choose(listener, call);
        Passage none = new Passage(
                Optional.of(listener),
                chain,
                "",
                Optional.empty(),
                Optional.empty(),
                new Outcome.Refused("no filter chain"));
        return chain.map(found -> ended(none, found, call)).orElse(none);
    }

    // The last filter of a chain is the one that sends on; those before it only look.
    private Passage ended(Passage passage, FilterChain chain, Call call) {
        Filter last = chain.getFilters(chain.getFiltersCount() - 1);
        if (last.getTypedConfig().is(TcpProxy.class)) {
            return passage.ended(new Outcome.Tcp(shares(unpack(last, TcpProxy.class))));
        }
        if (call.to().tls() && !chain.hasTransportSocket()) {
            return passage.ended(new Outcome.Refused("TLS where HTTP in the clear is spoken"));
        }
        return requested(passage, unpack(last, HttpConnectionManager.class), chain.hasTransportSocket(), call);
    }

    private Passage requested(Passage passage, HttpConnectionManager manager, boolean https, Call call) {
        RouteConfiguration routes =
                manager.hasRds() ? routes(manager.getRds().getRouteConfigName()) : manager.getRouteConfig();
        // Envoy looks at this before it looks for a route.
        if (call.http10() && !manager.getHttpProtocolOptions().getAcceptHttp10()) {
            return passage.at(
                    routes.getName(), Optional.empty(), Optional.empty(), new Outcome.Answered(UPGRADE_REQUIRED, ""));
        }
        Optional<VirtualHost> host = host(routes, call);
        boolean redirected = !https && host.filter(Simulator::wantsTls).isPresent();
        Optional<Route> route = redirected
                ? Optional.empty()
                : host.flatMap(virtual -> virtual.getRoutesList().stream()
                        .filter(candidate -> RouteMatching.matches(candidate.getMatch(), call, https))
                        .findFirst());
        if (!Upgrades.allowed(manager, route, call)) {
            return passage.at(routes.getName(), host, route, new Outcome.Answered(FORBIDDEN, ""));
        }
        if (redirected) {
            return passage.at(
                    routes.getName(), host, route, new Outcome.Answered(MOVED, "https://" + call.host() + call.path()));
        }
        Outcome outcome = route.map(found -> outcome(found, call, faults(manager)))
                .orElseGet(() -> new Outcome.Answered(NOT_FOUND, ""));
        return passage.at(routes.getName(), host, route, outcome);
    }

    private static boolean wantsTls(VirtualHost host) {
        return host.getRequireTls() == VirtualHost.TlsRequirementType.ALL;
    }

    private RouteConfiguration routes(String name) {
        return resources.routes().stream()
                .filter(routes -> routes.getName().equals(name))
                .findFirst()
                .orElse(RouteConfiguration.newBuilder().setName(name).build());
    }

    // Exact, then the longest wildcard at the front, then everything.
    private static Optional<VirtualHost> host(RouteConfiguration routes, Call call) {
        String given = call.host().toLowerCase(Locale.ROOT);
        String host = routes.getIgnorePortInHostMatching() ? given.replaceAll(":[0-9]+$", "") : given;
        return routes.getVirtualHostsList().stream()
                .flatMap(virtual -> virtual.getDomainsList().stream()
                        .filter(domain -> covers(domain.toLowerCase(Locale.ROOT), host))
                        .map(domain -> Map.entry(rank(domain), virtual)))
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }

    // A wildcard stands for at least one character, but "*" for everything.
    private static boolean covers(String domain, String host) {
        if (domain.equals("*")) {
            return true;
        }
        return domain.startsWith("*")
                ? host.length() >= domain.length() && host.endsWith(domain.substring(1))
                : domain.equals(host);
    }

    private static int rank(String domain) {
        return domain.startsWith("*") ? domain.length() : 1_000 + domain.length();
    }

    // A route's faults are done by a filter, which a patch may have taken away.
    private static boolean faults(HttpConnectionManager manager) {
        return manager.getHttpFiltersList().stream()
                .anyMatch(filter -> filter.getTypedConfig().is(HTTPFault.class));
    }

    private Outcome outcome(Route route, Call call, boolean faults) {
        if (route.hasDirectResponse()) {
            return new Outcome.Answered(route.getDirectResponse().getStatus(), "");
        }
        if (route.hasRedirect()) {
            return Rewrites.redirected(route, call);
        }
        RouteAction action = route.getRoute();
        Map<String, Integer> shares = new TreeMap<>();
        if (action.hasWeightedClusters()) {
            action.getWeightedClusters()
                    .getClustersList()
                    .forEach(share -> shares.merge(
                            known(share.getName()), share.getWeight().getValue(), Integer::sum));
        } else {
            shares.put(known(action.getCluster()), 100);
        }
        String mirror = action.getRequestMirrorPoliciesCount() == 0
                ? ""
                : known(action.getRequestMirrorPolicies(0).getCluster());
        return new Outcome.Forwarded(shares, Rewrites.path(route, call), faults ? FaultText.of(route) : "", mirror);
    }

    private Map<String, Integer> shares(TcpProxy proxy) {
        Map<String, Integer> shares = new TreeMap<>();
        if (proxy.hasWeightedClusters()) {
            proxy.getWeightedClusters()
                    .getClustersList()
                    .forEach(share -> shares.merge(known(share.getName()), share.getWeight(), Integer::sum));
        } else {
            shares.put(known(proxy.getCluster()), 100);
        }
        return shares;
    }

    private String known(String name) {
        return resources.clusters().stream()
                .map(Cluster::getName)
                .filter(name::equals)
                .findFirst()
                .orElse("MISSING " + name);
    }

    private static <T extends Message> T unpack(Filter filter, Class<T> type) {
        try {
            return filter.getTypedConfig().unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("filter " + filter.getName() + " is no " + type.getSimpleName(), e);
        }
    }
}
