package io.flotilla.envoy.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.flotilla.envoy.EnvoyResources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Walks a call: listener, filter chain, virtual host, route, cluster. It knows as much of Envoy as the rows need. */
public final class Simulator {
    private final EnvoyResources resources;

    public Simulator(EnvoyResources resources) {
        this.resources = resources;
    }

    /** Plaintext HTTP that an application sends and the kernel redirects. */
    public Outcome outbound(Call call) {
        return listener(call.address() + "_" + call.port())
                .or(() -> listener("0.0.0.0_" + call.port()))
                .or(() -> listener("virtualOutbound"))
                .map(listener -> through(listener, call, call.port()))
                .orElse(new Outcome.Refused("no listener"));
    }

    /** Plaintext HTTP that comes to a port of an edge. */
    public Outcome edge(Call call) {
        return listener("0.0.0.0_" + call.port())
                .map(listener -> through(listener, call, call.port()))
                .orElse(new Outcome.Refused("no listener"));
    }

    private Optional<Listener> listener(String name) {
        return resources.listeners().stream()
                .filter(listener -> listener.getName().equals(name))
                .findFirst();
    }

    private Outcome through(Listener listener, Call call, int port) {
        Optional<FilterChain> chain = listener.getFilterChainsList().stream()
                .filter(candidate -> matches(candidate.getFilterChainMatch(), port))
                .max(Comparator.comparing(
                        candidate -> candidate.getFilterChainMatch().getApplicationProtocolsCount()))
                .or(() -> listener.hasDefaultFilterChain()
                        ? Optional.of(listener.getDefaultFilterChain())
                        : Optional.empty());
        return chain.map(found -> filter(found.getFilters(0), call)).orElse(new Outcome.Refused("no filter chain"));
    }

    private static boolean matches(FilterChainMatch match, int port) {
        boolean plain = match.getTransportProtocol().isEmpty()
                || match.getTransportProtocol().equals("raw_buffer");
        boolean http = match.getApplicationProtocolsCount() == 0
                || match.getApplicationProtocolsList().contains("http/1.1");
        boolean here = !match.hasDestinationPort() || match.getDestinationPort().getValue() == port;
        return plain && http && here && match.getServerNamesCount() == 0 && match.getPrefixRangesCount() == 0;
    }

    private Outcome filter(Filter filter, Call call) {
        if (filter.getTypedConfig().is(TcpProxy.class)) {
            return new Outcome.Tcp(shares(unpack(filter, TcpProxy.class)));
        }
        HttpConnectionManager manager = unpack(filter, HttpConnectionManager.class);
        RouteConfiguration routes =
                manager.hasRds() ? routes(manager.getRds().getRouteConfigName()) : manager.getRouteConfig();
        return host(routes, call)
                .flatMap(host -> host.getRoutesList().stream()
                        .filter(route -> RouteMatching.matches(route.getMatch(), call))
                        .findFirst())
                .map(route -> outcome(route, call))
                .orElse(new Outcome.Answered(404, ""));
    }

    private RouteConfiguration routes(String name) {
        return resources.routes().stream()
                .filter(routes -> routes.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no routes " + name));
    }

    // Exact, then the longest wildcard at the front, then everything.
    private static Optional<VirtualHost> host(RouteConfiguration routes, Call call) {
        String host = routes.getIgnorePortInHostMatching() ? call.host().replaceAll(":[0-9]+$", "") : call.host();
        return routes.getVirtualHostsList().stream()
                .flatMap(virtual -> virtual.getDomainsList().stream()
                        .filter(domain ->
                                domain.startsWith("*") ? host.endsWith(domain.substring(1)) : domain.equals(host))
                        .map(domain -> Map.entry(rank(domain), virtual)))
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }

    private static int rank(String domain) {
        return domain.startsWith("*") ? domain.length() : 1_000 + domain.length();
    }

    private Outcome outcome(Route route, Call call) {
        if (route.hasDirectResponse()) {
            return new Outcome.Answered(route.getDirectResponse().getStatus(), "");
        }
        if (route.hasRedirect()) {
            return redirected(route, call);
        }
        RouteAction action = route.getRoute();
        Map<String, Integer> shares = new TreeMap<>();
        if (action.hasWeightedClusters()) {
            action.getWeightedClusters()
                    .getClustersList()
                    .forEach(share ->
                            shares.put(known(share.getName()), share.getWeight().getValue()));
        } else {
            shares.put(known(action.getCluster()), 100);
        }
        String path =
                action.getPrefixRewrite().isEmpty() ? call.path() : replaced(route, action.getPrefixRewrite(), call);
        String mirror = action.getRequestMirrorPoliciesCount() == 0
                ? ""
                : known(action.getRequestMirrorPolicies(0).getCluster());
        return new Outcome.Forwarded(shares, path, fault(route), mirror);
    }

    /** What stands for the matched part, and the rest of the path. */
    private static String replaced(Route route, String replacement, Call call) {
        String matched = route.getMatch().hasPath()
                ? route.getMatch().getPath()
                : route.getMatch().getPrefix();
        return replacement + call.path().substring(matched.length());
    }

    /** Of a redirect with a scheme the Location is whole; else it is what the redirect says of host and path. */
    private static Outcome redirected(Route route, Call call) {
        RedirectAction redirect = route.getRedirect();
        int status = switch (redirect.getResponseCode()) {
            case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
            case FOUND -> 302;
            case SEE_OTHER -> 303;
            case TEMPORARY_REDIRECT -> 307;
            case PERMANENT_REDIRECT -> 308;
        };
        String path = redirect.getPrefixRewrite().isEmpty()
                ? redirect.getPathRedirect()
                : replaced(route, redirect.getPrefixRewrite(), call);
        if (redirect.getSchemeRedirect().isEmpty()) {
            return new Outcome.Answered(status, redirect.getHostRedirect() + path);
        }
        String host = redirect.getHostRedirect().isEmpty() ? call.host() : redirect.getHostRedirect();
        String port = redirect.getPortRedirect() == 0 ? "" : ":" + redirect.getPortRedirect();
        return new Outcome.Answered(
                status, redirect.getSchemeRedirect() + "://" + host + port + (path.isEmpty() ? call.path() : path));
    }

    private static String fault(Route route) {
        if (!route.containsTypedPerFilterConfig("envoy.filters.http.fault")) {
            return "";
        }
        try {
            HTTPFault fault = route.getTypedPerFilterConfigOrThrow("envoy.filters.http.fault")
                    .unpack(HTTPFault.class);
            List<String> parts = new ArrayList<>();
            if (fault.hasDelay()) {
                parts.add("delay " + Durations.toMillis(fault.getDelay().getFixedDelay()) + "ms "
                        + fault.getDelay().getPercentage().getNumerator() / 10_000 + "%");
            }
            if (fault.hasAbort()) {
                parts.add("abort " + fault.getAbort().getHttpStatus() + " "
                        + fault.getAbort().getPercentage().getNumerator() / 10_000 + "%");
            }
            return String.join(", ", parts);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Integer> shares(TcpProxy proxy) {
        Map<String, Integer> shares = new TreeMap<>();
        if (proxy.hasWeightedClusters()) {
            proxy.getWeightedClusters()
                    .getClustersList()
                    .forEach(share -> shares.put(known(share.getName()), share.getWeight()));
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
            throw new AssertionError(e);
        }
    }
}
