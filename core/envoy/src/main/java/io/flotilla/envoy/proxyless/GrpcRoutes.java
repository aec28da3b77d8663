package io.flotilla.envoy.proxyless;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.NonForwardingAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.flotilla.envoy.Identity;
import io.flotilla.envoy.ResourceCache;
import io.flotilla.envoy.filter.HttpFilters;
import io.flotilla.envoy.route.TextMatching;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Routes for gRPC's client: one RouteConfiguration for each host and port, since a channel has one target. */
public final class GrpcRoutes {
    private static final String EVERY = "*";

    private GrpcRoutes() {}

    /** All that the routes of one host depend on. */
    private record OfHost(Identity host) {}

    /** The hosts that a channel can have as its target, by "HOST:PORT"; those of wildcards are none. */
    public static Map<String, VirtualHost> hosts(List<RouteConfiguration> byPort) {
        Map<String, VirtualHost> hosts = new TreeMap<>();
        for (RouteConfiguration routes : byPort) {
            for (VirtualHost host : routes.getVirtualHostsList()) {
                if (host.getName().contains(":") && !host.getName().startsWith(EVERY)) {
                    hosts.putIfAbsent(host.getName(), host);
                }
            }
        }
        return hosts;
    }

    /** The routes of all these hosts. */
    public static List<RouteConfiguration> of(List<RouteConfiguration> byPort, ResourceCache cache) {
        return hosts(byPort).values().stream()
                .map(host -> cache.get(new OfHost(Identity.of(host)), key -> of(host)))
                .toList();
    }

    private static RouteConfiguration of(VirtualHost host) {
        VirtualHost.Builder only =
                VirtualHost.newBuilder().setName(host.getName()).addDomains(EVERY);
        host.getRoutesList().stream()
                .filter(route -> possible(route.getMatch(), host.getName()))
                .forEach(route -> only.addRoutes(route(route)));
        return RouteConfiguration.newBuilder()
                .setName(host.getName())
                .addVirtualHosts(only)
                .build();
    }

    // A call has no query, and a condition that the library does not know must not be taken for none.
    private static boolean possible(RouteMatch match, String authority) {
        return match.getQueryParametersCount() == 0
                && match.getDynamicMetadataCount() == 0
                && match.getHeadersList().stream()
                        .filter(GrpcRoutes::isSettled)
                        .allMatch(header -> holds(header, authority));
    }

    /** Of what begins with ":" the library knows nothing: its calls would fail. All calls of a host have the same. */
    private static boolean isSettled(HeaderMatcher header) {
        return header.getName().startsWith(":");
    }

    // As a sidecar would see a call to the host's full name: a POST, which the application sends in plaintext.
    private static boolean holds(HeaderMatcher header, String authority) {
        String value = switch (header.getName()) {
            case ":method" -> "POST";
            case ":scheme" -> "http";
            case ":authority" -> authority;
            default -> "";
        };
        boolean found =
                !value.isEmpty() && (header.hasPresentMatch() || TextMatching.matches(header.getStringMatch(), value));
        return found != header.getInvertMatch();
    }

    private static RouteMatch match(RouteMatch match) {
        if (match.getHeadersList().stream().noneMatch(GrpcRoutes::isSettled)) {
            return match;
        }
        return match.toBuilder()
                .clearHeaders()
                .addAllHeaders(match.getHeadersList().stream()
                        .filter(header -> !isSettled(header))
                        .toList())
                .build();
    }

    private static Route route(Route route) {
        Route.Builder reduced = Route.newBuilder().setName(route.getName()).setMatch(match(route.getMatch()));
        if (route.hasRoute()) {
            reduced.setRoute(action(route.getRoute()));
        } else {
            // A redirect or an answer of the proxy's own has no form in gRPC: such a call fails (UNAVAILABLE).
            reduced.setNonForwardingAction(NonForwardingAction.getDefaultInstance());
        }
        if (route.containsTypedPerFilterConfig(HttpFilters.FAULT)) {
            reduced.putTypedPerFilterConfig(HttpFilters.FAULT, route.getTypedPerFilterConfigOrThrow(HttpFilters.FAULT));
        }
        return reduced.build();
    }

    private static RouteAction action(RouteAction action) {
        RouteAction.Builder reduced = RouteAction.newBuilder().addAllHashPolicy(action.getHashPolicyList());
        if (action.hasWeightedClusters()) {
            WeightedCluster.Builder clusters = WeightedCluster.newBuilder();
            action.getWeightedClusters()
                    .getClustersList()
                    .forEach(share -> clusters.addClusters(WeightedCluster.ClusterWeight.newBuilder()
                            .setName(share.getName())
                            .setWeight(share.getWeight())));
            reduced.setWeightedClusters(clusters);
        } else {
            reduced.setCluster(action.getCluster());
        }
        if (Durations.isPositive(action.getTimeout())) {
            // gRPC's client does not look at "timeout" (gRFC A31).
            reduced.setMaxStreamDuration(
                    RouteAction.MaxStreamDuration.newBuilder().setMaxStreamDuration(action.getTimeout()));
        }
        if (action.getRetryPolicy().getNumRetries().getValue() > 0) {
            reduced.setRetryPolicy(retries(action.getRetryPolicy()));
        }
        return reduced.build();
    }

    private static RetryPolicy retries(RetryPolicy policy) {
        RetryPolicy.Builder reduced =
                RetryPolicy.newBuilder().setRetryOn(policy.getRetryOn()).setNumRetries(policy.getNumRetries());
        if (policy.hasRetryBackOff()) {
            reduced.setRetryBackOff(policy.getRetryBackOff());
        }
        return reduced.build();
    }
}
