package io.flotilla.envoy.patch;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.envoy.EnvoyResources;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A change that can be merged into each kind of thing, and where it is found afterwards. */
record Marks(EnvoyResources resources) {
    private static final String MARK = "marked";

    /** The change. */
    static String of(ApplyTo to) {
        return switch (to) {
            case LISTENER -> "{stat_prefix: marked}";
            case FILTER_CHAIN -> "{transport_socket_connect_timeout: 77s}";
            case NETWORK_FILTER, HTTP_FILTER, LISTENER_FILTER -> "{name: marked}";
            case ROUTE_CONFIGURATION, VIRTUAL_HOST, HTTP_ROUTE -> "{request_headers_to_remove: [marked]}";
            case CLUSTER -> "{alt_stat_name: marked}";
            case EXTENSION_CONFIG, BOOTSTRAP, INVALID, UNRECOGNIZED -> throw new IllegalArgumentException(to.name());
        };
    }

    /** Names of what has it, those of what is around it before them; sorted. */
    List<String> at(ApplyTo to) {
        Stream<String> found = switch (to) {
            case LISTENER ->
                resources.listeners().stream()
                        .filter(each -> each.getStatPrefix().equals(MARK))
                        .map(Listener::getName);
            case FILTER_CHAIN -> chains();
            case NETWORK_FILTER ->
                filters(chain -> chain.stream()
                        .filter(each -> each.getName().equals(MARK))
                        .map(each -> type(each.getTypedConfig())));
            case HTTP_FILTER -> filters(Marks::requestFilters);
            case LISTENER_FILTER ->
                resources.listeners().stream()
                        .flatMap(listener -> listener.getListenerFiltersList().stream()
                                .filter(each -> each.getName().equals(MARK))
                                .map(each -> listener.getName() + " " + type(each.getTypedConfig())));
            case ROUTE_CONFIGURATION -> routes(routes -> marked(routes.getRequestHeadersToRemoveList(), ""));
            case VIRTUAL_HOST ->
                routes(routes -> routes.getVirtualHostsList().stream()
                        .flatMap(host -> marked(host.getRequestHeadersToRemoveList(), " " + host.getName())));
            case HTTP_ROUTE ->
                routes(routes -> routes.getVirtualHostsList().stream()
                        .flatMap(host -> host.getRoutesList().stream()
                                .flatMap(route -> marked(
                                        route.getRequestHeadersToRemoveList(),
                                        " " + host.getName() + " " + route.getName()))));
            case CLUSTER ->
                resources.clusters().stream()
                        .filter(each -> each.getAltStatName().equals(MARK))
                        .map(Cluster::getName);
            case EXTENSION_CONFIG, BOOTSTRAP, INVALID, UNRECOGNIZED -> throw new IllegalArgumentException(to.name());
        };
        return found.distinct().sorted().toList();
    }

    private Stream<String> chains() {
        return resources.listeners().stream()
                .flatMap(listener -> PatchedMesh.chains(listener)
                        .filter(chain ->
                                chain.getTransportSocketConnectTimeout().equals(Durations.fromSeconds(77)))
                        .map(chain -> listener.getName() + " " + chain.getName()));
    }

    private Stream<String> filters(Function<List<Filter>, Stream<String>> marked) {
        return resources.listeners().stream()
                .flatMap(listener -> PatchedMesh.chains(listener)
                        .flatMap(chain -> marked.apply(chain.getFiltersList())
                                .map(each -> listener.getName() + " " + chain.getName() + " " + each)));
    }

    private static Stream<String> requestFilters(List<Filter> chain) {
        return managers(chain)
                .flatMap(manager -> manager.getHttpFiltersList().stream())
                .filter(each -> each.getName().equals(MARK))
                .map(each -> type(each.getTypedConfig()));
    }

    private static Stream<HttpConnectionManager> managers(List<Filter> chain) {
        return chain.stream()
                .filter(each -> each.getTypedConfig().is(HttpConnectionManager.class))
                .map(PatchedMesh::manager);
    }

    // Those of the inbound side stand in the listener.
    private Stream<String> routes(Function<RouteConfiguration, Stream<String>> marked) {
        Stream<RouteConfiguration> inside = resources.listeners().stream()
                .flatMap(PatchedMesh::chains)
                .flatMap(chain -> managers(chain.getFiltersList()))
                .filter(HttpConnectionManager::hasRouteConfig)
                .map(HttpConnectionManager::getRouteConfig);
        return Stream.concat(resources.routes().stream(), inside)
                .flatMap(routes -> marked.apply(routes).map(each -> routes.getName() + each));
    }

    private static Stream<String> marked(List<String> removed, String name) {
        return removed.contains(MARK) ? Stream.of(name) : Stream.of();
    }

    private static String type(Any config) {
        return PatchedMesh.last(config.getTypeUrl());
    }
}
