package io.flotilla.bench.routes;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A port of a mesh: one listener, one route name, many hosts as a service with two subsets has them. */
final class RouteResources {
    static final String ROUTE = "9080";

    private final Mode mode;
    private final int port;
    private final List<VirtualHost> hosts = new ArrayList<>();
    private final ResourceSet listeners;
    private ResourceSet hostSet = ResourceSet.EMPTY;
    private int bodyBytes = 4096;
    private long sequence;

    RouteResources(Mode mode, int count, int port) {
        this.mode = mode;
        this.port = port;
        listeners = ResourceSet.of(List.of(Resource.of("outbound", listener())));
        for (int i = 0; i < count; i++) {
            hosts.add(host(i, 0));
        }
        hostSet = ResourceSet.of(hosts.stream().map(RouteResources::resource).toList());
    }

    static String domain(int i) {
        return "service-" + i + ".bookinfo.svc.cluster.local:9080";
    }

    /** One host's route is another now; what changed is a new view. */
    View edit(int i, int version) {
        hosts.set(i, host(i, version));
        if (mode != Mode.WHOLE) {
            hostSet = hostSet.with(List.of(resource(hosts.get(i))), List.of());
        }
        return view();
    }

    /** A host goes, or comes back. */
    View withoutHost(int i) {
        hostSet = hostSet.with(List.of(), List.of(hosts.get(i).getName()));
        return view();
    }

    /** What the route configuration says beside its hosts. */
    View editBase() {
        bodyBytes++;
        return view();
    }

    View view() {
        RouteConfiguration.Builder route = RouteConfiguration.newBuilder()
                .setName(ROUTE)
                .setMaxDirectResponseBodySizeBytes(UInt32Value.of(bodyBytes));
        Generation generation = new Generation(1, Map.of("bench", ++sequence));
        if (mode == Mode.WHOLE) {
            Resource whole = Resource.of(ROUTE, route.addAllVirtualHosts(hosts).build());
            return new View(
                    generation, Map.of(TypeUrls.LISTENER, listeners, TypeUrls.ROUTE, ResourceSet.of(List.of(whole))));
        }
        Resource empty = Resource.of(
                ROUTE, route.setVhds(Vhds.newBuilder().setConfigSource(ads())).build());
        return new View(
                generation,
                Map.of(
                        TypeUrls.LISTENER, listeners,
                        TypeUrls.ROUTE, ResourceSet.of(List.of(empty)),
                        TypeUrls.VIRTUAL_HOST, hostSet));
    }

    private static Resource resource(VirtualHost host) {
        return Resource.of(host.getName(), host);
    }

    private VirtualHost host(int i, int version) {
        String name = "service-" + i;
        // Envoy removes a discovered host by the resource's name, so the host itself has to have that very name.
        VirtualHost.Builder host = VirtualHost.newBuilder().setName(ROUTE + "/" + domain(i));
        for (String suffix : List.of("", ".bookinfo", ".bookinfo.svc", ".bookinfo.svc.cluster.local")) {
            host.addDomains(name + suffix).addDomains(name + suffix + ":9080");
        }
        host.addDomains("10.96." + i / 250 + "." + i % 250);
        host.addRoutes(Route.newBuilder()
                .setName("probe")
                .setMatch(RouteMatch.newBuilder().setPath("/version"))
                .setDirectResponse(DirectResponseAction.newBuilder()
                        .setStatus(200)
                        .setBody(DataSource.newBuilder().setInlineString("v" + version))));
        host.addRoutes(Route.newBuilder()
                .setName("default")
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setDecorator(Decorator.newBuilder().setOperation(domain(i) + "/*"))
                .setRoute(RouteAction.newBuilder()
                        .setTimeout(Duration.newBuilder().setSeconds(15))
                        .setRetryPolicy(RetryPolicy.newBuilder()
                                .setRetryOn("connect-failure,refused-stream,unavailable,cancelled")
                                .setNumRetries(UInt32Value.of(2)))
                        .setWeightedClusters(WeightedCluster.newBuilder()
                                .addClusters(cluster(name, "v1", 80))
                                .addClusters(cluster(name, "v2", 20)))));
        return host.build();
    }

    private static WeightedCluster.ClusterWeight cluster(String name, String subset, int weight) {
        return WeightedCluster.ClusterWeight.newBuilder()
                .setName("outbound|9080|" + subset + "|" + name + ".bookinfo.svc.cluster.local")
                .setWeight(UInt32Value.of(weight))
                .build();
    }

    private Listener listener() {
        HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder()
                .setStatPrefix("outbound")
                .setRds(Rds.newBuilder().setRouteConfigName(ROUTE).setConfigSource(ads()));
        if (mode == Mode.ON_DEMAND) {
            manager.addHttpFilters(HttpFilter.newBuilder()
                    .setName("envoy.filters.http.on_demand")
                    .setTypedConfig(Any.pack(OnDemand.getDefaultInstance())));
        }
        manager.addHttpFilters(HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())));
        return Listener.newBuilder()
                .setName("outbound")
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(port)))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(manager.build()))))
                .build();
    }

    private static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setResourceApiVersion(io.envoyproxy.envoy.config.core.v3.ApiVersion.V3)
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
    }
}
