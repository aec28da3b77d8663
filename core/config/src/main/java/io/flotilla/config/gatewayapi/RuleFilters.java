package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter.PathModifier;
import io.flotilla.api.gatewayapi.v1.HeaderModifier;
import io.flotilla.api.gatewayapi.v1.RequestMirror;
import io.flotilla.api.networking.v1alpha3.HTTPMirrorPolicy;
import io.flotilla.api.networking.v1alpha3.HTTPRedirect;
import io.flotilla.api.networking.v1alpha3.HTTPRewrite;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.Headers;
import io.flotilla.api.networking.v1alpha3.Headers.HeaderOperations;
import io.flotilla.api.networking.v1alpha3.Percent;
import io.flotilla.api.networking.v1alpha3.RegexRewrite;
import io.flotilla.config.gatewayapi.Backends.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a rule does with requests beside sending them on.
 *
 * @param filters of the rule, and of its backend where it has one only
 * @param mirrors that were found
 * @param refused a filter that nobody knows stands in the way: requests get an error
 */
record RuleFilters(List<HTTPRouteFilter> filters, List<HTTPMirrorPolicy> mirrors, boolean refused, List<Issue> issues) {
    /** The mark of a redirect that replaces the matched part of the path only, as Istio writes it. */
    static final String PREFIX = "%PREFIX()%";

    private static final Set<String> OF_BACKEND = Set.of("RequestHeaderModifier", "ResponseHeaderModifier");
    private static final int FOUND = 302;

    static RuleFilters of(AnyRoute route, HttpRule rule, Backends backends) {
        List<HTTPRouteFilter> filters = new ArrayList<>(rule.filters());
        if (rule.backends().size() == 1) {
            rule.backends().getFirst().getFiltersList().stream()
                    .filter(filter -> !OF_BACKEND.contains(filter.getType()))
                    .forEach(filters::add);
        }
        List<HTTPMirrorPolicy> mirrors = new ArrayList<>();
        List<Issue> issues = new ArrayList<>();
        boolean refused = false;
        for (HTTPRouteFilter filter : filters) {
            switch (filter.getType()) {
                case "RequestMirror" -> mirror(filter.getRequestMirror(), route, backends, mirrors, issues);
                case "ExtensionRef" -> {
                    refused = true;
                    issues.add(new Issue.Reference(
                            "InvalidKind",
                            "filter " + filter.getExtensionRef().getKind() + "."
                                    + filter.getExtensionRef().getGroup() + " "
                                    + filter.getExtensionRef().getName()
                                    + " is of no supported kind; requests of rule " + rule.name() + " get an error"));
                }
                case "ExternalAuth" -> {
                    refused = true;
                    issues.add(new Issue.Reference(
                            "UnsupportedValue",
                            "filter ExternalAuth is not supported; requests of rule " + rule.name()
                                    + " get an error. an AuthorizationPolicy with action CUSTOM does it"));
                }
                default -> {
                    // Needs nothing beside itself.
                }
            }
        }
        return new RuleFilters(List.copyOf(filters), List.copyOf(mirrors), refused, List.copyOf(issues));
    }

    private static void mirror(
            RequestMirror mirror,
            AnyRoute route,
            Backends backends,
            List<HTTPMirrorPolicy> mirrors,
            List<Issue> issues) {
        Backends.Reference reference = new Backends.Reference(
                mirror.getBackendRef().getGroup(),
                mirror.getBackendRef().hasKind() ? mirror.getBackendRef().getKind() : "Service",
                mirror.getBackendRef().getNamespace(),
                mirror.getBackendRef().getName(),
                mirror.getBackendRef().getPort());
        switch (backends.resolve(reference, route)) {
            case Backend.Found(var destination, var service) ->
                mirrors.add(HTTPMirrorPolicy.newBuilder()
                        .setDestination(destination)
                        .setPercentage(Percent.newBuilder().setValue(percent(mirror)))
                        .build());
            case Backend.Missing(String reason, String message) ->
                issues.add(new Issue.Reference(reason, "mirror: " + message));
        }
    }

    private static double percent(RequestMirror mirror) {
        if (mirror.hasFraction()) {
            double parts =
                    mirror.getFraction().hasDenominator() ? mirror.getFraction().getDenominator() : 100;
            return 100.0 * mirror.getFraction().getNumerator() / parts;
        }
        return mirror.hasPercent() ? mirror.getPercent() : 100;
    }

    boolean redirects() {
        return filters.stream().anyMatch(HTTPRouteFilter::hasRequestRedirect);
    }

    /** What the path becomes depends on which part of a prefix was met. */
    boolean replacesPrefix() {
        return filters.stream()
                .anyMatch(filter -> filter.getRequestRedirect().getPath().hasReplacePrefixMatch()
                        || filter.getUrlRewrite().getPath().hasReplacePrefixMatch());
    }

    void apply(HTTPRoute.Builder spec, HttpCompiler.Port port, PathMatch path) {
        Headers.Builder headers = Headers.newBuilder();
        for (HTTPRouteFilter filter : filters) {
            switch (filter.getType()) {
                case "RequestHeaderModifier" -> headers.setRequest(operations(filter.getRequestHeaderModifier()));
                case "ResponseHeaderModifier" -> headers.setResponse(operations(filter.getResponseHeaderModifier()));
                case "RequestRedirect" -> spec.setRedirect(redirect(filter.getRequestRedirect(), port, path));
                case "URLRewrite" -> rewrite(filter.getUrlRewrite(), path, spec);
                case "CORS" -> spec.setCorsPolicy(CrossOrigin.of(filter.getCors()));
                default -> {
                    // Mirrors are below, and what is refused never comes here.
                }
            }
        }
        if (headers.hasRequest() || headers.hasResponse()) {
            spec.setHeaders(headers);
        }
        if (!redirects()) {
            spec.addAllMirrors(mirrors);
        }
    }

    private static HTTPRedirect redirect(HTTPRouteFilter.Redirect redirect, HttpCompiler.Port port, PathMatch path) {
        HTTPRedirect.Builder built = HTTPRedirect.newBuilder()
                .setScheme(redirect.getScheme())
                .setAuthority(redirect.getHostname())
                .setRedirectCode(redirect.hasStatusCode() ? redirect.getStatusCode() : FOUND);
        int location = port.redirect(redirect.getScheme(), redirect.hasHostname(), redirect.getPort());
        if (location != 0) {
            built.setPort(location);
        }
        PathModifier modifier = redirect.getPath();
        if (modifier.hasReplaceFullPath()) {
            built.setUri(modifier.getReplaceFullPath().isEmpty() ? "/" : modifier.getReplaceFullPath());
        } else if (modifier.hasReplacePrefixMatch()) {
            built.setUri(PREFIX + path.replaced(modifier.getReplacePrefixMatch()));
        }
        return built.build();
    }

    private static void rewrite(HTTPRouteFilter.Rewrite rewrite, PathMatch path, HTTPRoute.Builder spec) {
        HTTPRewrite.Builder built = HTTPRewrite.newBuilder().setAuthority(rewrite.getHostname());
        PathModifier modifier = rewrite.getPath();
        if (modifier.hasReplaceFullPath()) {
            String full = modifier.getReplaceFullPath();
            built.setUriRegexRewrite(RegexRewrite.newBuilder()
                    .setMatch("/.*")
                    .setRewrite(full.isEmpty() ? "/" : full.replace("\\", "\\\\")));
        } else if (modifier.hasReplacePrefixMatch()) {
            built.setUri(path.replaced(modifier.getReplacePrefixMatch()));
        }
        if (!built.build().equals(HTTPRewrite.getDefaultInstance())) {
            spec.setRewrite(built);
        }
    }

    static HeaderOperations operations(HeaderModifier modifier) {
        HeaderOperations.Builder built = HeaderOperations.newBuilder();
        modifier.getSetList().forEach(header -> built.putSet(header.getName(), header.getValue()));
        modifier.getAddList().forEach(header -> built.putAdd(header.getName(), header.getValue()));
        return built.addAllRemove(modifier.getRemoveList()).build();
    }
}
