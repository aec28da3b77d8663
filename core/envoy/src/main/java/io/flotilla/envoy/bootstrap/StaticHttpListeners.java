package io.flotilla.envoy.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The listeners that an Envoy has from the start: probes, readiness, statistics. They answer 404 to what they do not
 * know, and are exempt from the connection limit, so that a busy proxy still passes its probes.
 */
final class StaticHttpListeners {
    /** The listener of statistics. */
    static final String STATS = "stats";

    private static final String READY = "/healthz/ready";
    private static final String METRICS = "/stats/prometheus";

    private StaticHttpListeners() {}

    static List<Listener> of(BootstrapSettings settings) {
        StaticListeners where = settings.listeners();
        return List.of(
                probes(where.probes(), settings.probes()),
                listener("readiness", where.readiness(), List.of(readiness()), List.of()),
                listener(STATS, where.stats(), List.of(), List.of(to(METRICS, LocalClusters.ADMIN, METRICS))));
    }

    private static Listener probes(Address address, List<AppProbe> probes) {
        List<HttpFilter> filters = new ArrayList<>(List.of(readiness()));
        List<Route> routes = new ArrayList<>();
        List<AppProbe> sorted =
                probes.stream().sorted(Comparator.comparing(AppProbe::route)).toList();
        for (AppProbe probe : sorted) {
            switch (probe) {
                case AppProbe.Http http -> routes.add(to(http.route(), LocalClusters.name(http), http.path()));
                case AppProbe.Tcp tcp -> filters.add(healthy(tcp.route(), LocalClusters.name(tcp)));
                case AppProbe.Grpc grpc -> filters.add(healthy(grpc.route(), LocalClusters.name(grpc)));
            }
        }
        return listener("probes", address, filters, routes);
    }

    private static HttpFilter readiness() {
        return healthy(READY, LocalClusters.CONFIGURED);
    }

    // Answers 200 while the cluster's only endpoint is healthy and /healthcheck/fail was not posted, else 503.
    private static HttpFilter healthy(String path, String cluster) {
        HealthCheck check = HealthCheck.newBuilder()
                .setPassThroughMode(com.google.protobuf.BoolValue.of(false))
                .putClusterMinHealthyPercentages(
                        cluster, Percent.newBuilder().setValue(100).build())
                .addHeaders(HeaderMatcher.newBuilder()
                        .setName(":path")
                        .setStringMatch(StringMatcher.newBuilder().setExact(path)))
                .build();
        return filter("health-check " + path, check);
    }

    // Envoy puts the rewritten path before the request's own query, so a path with a query works here.
    private static Route to(String path, String cluster, String rewritten) {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPath(path))
                .setRoute(RouteAction.newBuilder()
                        .setCluster(cluster)
                        .setPrefixRewrite(rewritten)
                        .setTimeout(Durations.ZERO))
                .build();
    }

    private static Listener listener(String name, Address address, List<HttpFilter> filters, List<Route> routes) {
        Route unknown = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setDirectResponse(DirectResponseAction.newBuilder().setStatus(404))
                .build();
        HttpConnectionManager manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(name)
                .addAllHttpFilters(filters)
                .addHttpFilters(filter("envoy.filters.http.router", Router.getDefaultInstance()))
                .setRouteConfig(RouteConfiguration.newBuilder()
                        .setName(name)
                        .addVirtualHosts(VirtualHost.newBuilder()
                                .setName(name)
                                .addDomains("*")
                                .addAllRoutes(routes)
                                .addRoutes(unknown)))
                .build();
        return Listener.newBuilder()
                .setName(name)
                .setAddress(address.toEnvoy())
                .setIgnoreGlobalConnLimit(true)
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(manager))))
                .build();
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }
}
