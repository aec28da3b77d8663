package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.Headers;
import io.flotilla.api.networking.v1alpha3.Headers.HeaderOperations;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import java.util.List;
import java.util.Map;

/** Fields of a VirtualService that 1.1 had, as those that took their place (Istio 1.1: HTTPRoute.append_headers...). */
final class ClassicRoutes {
    private ClassicRoutes() {}

    /** The same rule in current fields; the very same object where it has none of the old ones. */
    static VirtualService current(VirtualService rule) {
        if (rule.getHttpList().stream().noneMatch(ClassicRoutes::isClassic)) {
            return rule;
        }
        VirtualService.Builder current = rule.toBuilder().clearHttp();
        rule.getHttpList().forEach(route -> current.addHttp(route(route)));
        return current.build();
    }

    @SuppressWarnings("deprecation") // these are what this class is about
    private static boolean isClassic(HTTPRoute route) {
        return route.getAppendHeadersCount() > 0
                || route.getAppendRequestHeadersCount() > 0
                || route.getAppendResponseHeadersCount() > 0
                || route.getRemoveRequestHeadersCount() > 0
                || route.getRemoveResponseHeadersCount() > 0
                || route.getRouteList().stream().anyMatch(ClassicRoutes::isClassic);
    }

    @SuppressWarnings("deprecation") // these are what this class is about
    private static boolean isClassic(HTTPRouteDestination destination) {
        return destination.getAppendRequestHeadersCount() > 0
                || destination.getAppendResponseHeadersCount() > 0
                || destination.getRemoveRequestHeadersCount() > 0
                || destination.getRemoveResponseHeadersCount() > 0;
    }

    @SuppressWarnings("deprecation") // these are what this class is about
    private static HTTPRoute route(HTTPRoute route) {
        HTTPRoute.Builder current = route.toBuilder()
                .clearAppendHeaders()
                .clearAppendRequestHeaders()
                .clearAppendResponseHeaders()
                .clearRemoveRequestHeaders()
                .clearRemoveResponseHeaders()
                .clearRoute();
        Headers.Builder headers = current.getHeadersBuilder();
        add(headers.getRequestBuilder(), route.getAppendHeadersMap(), List.of());
        add(headers.getRequestBuilder(), route.getAppendRequestHeadersMap(), route.getRemoveRequestHeadersList());
        add(headers.getResponseBuilder(), route.getAppendResponseHeadersMap(), route.getRemoveResponseHeadersList());
        route.getRouteList().forEach(destination -> current.addRoute(destination(destination)));
        return current.build();
    }

    @SuppressWarnings("deprecation") // these are what this class is about
    private static HTTPRouteDestination destination(HTTPRouteDestination destination) {
        if (!isClassic(destination)) {
            return destination;
        }
        HTTPRouteDestination.Builder current = destination.toBuilder()
                .clearAppendRequestHeaders()
                .clearAppendResponseHeaders()
                .clearRemoveRequestHeaders()
                .clearRemoveResponseHeaders();
        Headers.Builder headers = current.getHeadersBuilder();
        add(
                headers.getRequestBuilder(),
                destination.getAppendRequestHeadersMap(),
                destination.getRemoveRequestHeadersList());
        add(
                headers.getResponseBuilder(),
                destination.getAppendResponseHeadersMap(),
                destination.getRemoveResponseHeadersList());
        return current.build();
    }

    /** What the current field already says wins. */
    private static void add(HeaderOperations.Builder operations, Map<String, String> added, List<String> removed) {
        added.forEach((name, value) -> {
            if (!operations.containsAdd(name)) {
                operations.putAdd(name, value);
            }
        });
        removed.stream()
                .filter(name -> !operations.getRemoveList().contains(name))
                .forEach(operations::addRemove);
    }
}
