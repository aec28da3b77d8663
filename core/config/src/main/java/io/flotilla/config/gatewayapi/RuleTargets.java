package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.Headers;
import io.flotilla.config.gatewayapi.Backends.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a rule's requests go, in shares.
 *
 * @param routes   with their weights; the share of what is missing goes nowhere
 * @param found    some share goes somewhere
 * @param services that are named and found
 */
record RuleTargets(
        List<HTTPRouteDestination> routes, boolean found, List<Issue> issues, Set<Backends.Service> services) {
    static RuleTargets of(AnyRoute route, HttpRule rule, Backends backends) {
        List<HTTPRouteDestination> routes = new ArrayList<>();
        List<Issue> issues = new ArrayList<>();
        Set<Backends.Service> services = new TreeSet<>(Backends.BY_NAME);
        boolean found = false;
        for (HTTPBackend backend : rule.backends()) {
            int weight = backend.hasWeight() ? backend.getWeight() : 1;
            HTTPRouteDestination.Builder destination =
                    HTTPRouteDestination.newBuilder().setWeight(weight);
            switch (backends.resolve(reference(backend), route)) {
                case Backend.Found(var host, var service) -> {
                    destination.setDestination(host);
                    service.ifPresent(services::add);
                    found = found || weight > 0;
                }
                case Backend.Missing(String reason, String message) -> {
                    destination.setDestination(Unresolved.destination(!route.isGrpc()));
                    issues.add(new Issue.Reference(reason, message));
                }
            }
            headers(rule, backend, destination, issues);
            routes.add(destination.build());
        }
        return new RuleTargets(List.copyOf(routes), found, List.copyOf(issues), services);
    }

    /** No request can be sent anywhere. */
    boolean nothing() {
        return !found;
    }

    private static Backends.Reference reference(HTTPBackend backend) {
        return new Backends.Reference(
                backend.getGroup(),
                backend.hasKind() ? backend.getKind() : "Service",
                backend.getNamespace(),
                backend.getName(),
                backend.getPort());
    }

    /** Headers can be changed for each share; filters of a single backend are as good as the rule's. */
    private static void headers(
            HttpRule rule, HTTPBackend backend, HTTPRouteDestination.Builder destination, List<Issue> issues) {
        Headers.Builder headers = Headers.newBuilder();
        for (HTTPRouteFilter filter : backend.getFiltersList()) {
            switch (filter.getType()) {
                case "RequestHeaderModifier" ->
                    headers.setRequest(RuleFilters.operations(filter.getRequestHeaderModifier()));
                case "ResponseHeaderModifier" ->
                    headers.setResponse(RuleFilters.operations(filter.getResponseHeaderModifier()));
                default -> {
                    if (rule.backends().size() > 1) {
                        issues.add(new Issue.Unsupported(
                                rule.name(),
                                "filter " + filter.getType() + " of one backend among several is not supported"));
                    }
                }
            }
        }
        if (headers.hasRequest() || headers.hasResponse()) {
            destination.setHeaders(headers);
        }
    }
}
