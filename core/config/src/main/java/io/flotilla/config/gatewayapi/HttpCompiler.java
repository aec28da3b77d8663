package io.flotilla.config.gatewayapi;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteRule;
import io.flotilla.api.gatewayapi.v1.ValueMatch;
import io.flotilla.api.networking.v1alpha3.HTTPDirectResponse;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRetry;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.config.gatewayapi.CompiledRule.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** Rules of HTTPRoutes and GRPCRoutes in the words of Istio's VirtualService. */
record HttpCompiler(Backends backends) {
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final int DEFAULT_ATTEMPTS = 2;
    /** What is tried again beside the codes that a rule names: failures before the server can have acted. */
    private static final String RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled";

    /** A rule at one port. */
    CompiledRule compile(AnyRoute route, HttpRule rule, Port port) {
        RuleTargets targets = RuleTargets.of(route, rule, backends);
        RuleFilters filters = RuleFilters.of(route, rule, backends);
        List<Issue> issues = new ArrayList<>(targets.issues());
        issues.addAll(filters.issues());
        if (rule.limits().hasSessionPersistence()) {
            issues.add(new Issue.Unsupported(rule.name(), "sessionPersistence is not supported"));
        }
        Set<Backends.Service> services = targets.services();
        if (issues.stream().anyMatch(Issue.Unsupported.class::isInstance)) {
            return new CompiledRule(List.of(), issues, services);
        }
        List<Entry> entries = new ArrayList<>();
        for (HttpRule.RankedMatch ranked : rule.matches()) {
            List<PathMatch> paths = PathMatch.of(ranked.match().getPath());
            if (filters.replacesPrefix()) {
                paths.forEach(path -> entries.add(new Entry(
                        ranked.rank(),
                        action(route, rule, targets, filters, port, path)
                                .addMatch(match(ranked.match(), path))
                                .build())));
            } else {
                HTTPRoute.Builder spec = action(route, rule, targets, filters, port, paths.getFirst());
                paths.forEach(path -> spec.addMatch(match(ranked.match(), path)));
                entries.add(new Entry(ranked.rank(), spec.build()));
            }
        }
        return new CompiledRule(entries, issues, services);
    }

    private static HTTPRoute.Builder action(
            AnyRoute route, HttpRule rule, RuleTargets targets, RuleFilters filters, Port port, PathMatch path) {
        HTTPRoute.Builder spec = HTTPRoute.newBuilder()
                .setName(route.namespace() + "/" + route.config().name() + "/" + rule.name());
        if (filters.refused() || (!filters.redirects() && targets.nothing())) {
            return spec.setDirectResponse(
                    HTTPDirectResponse.newBuilder().setStatus(route.isGrpc() ? UNAVAILABLE : INTERNAL_ERROR));
        }
        filters.apply(spec, port, path);
        if (!filters.redirects()) {
            spec.addAllRoute(targets.routes());
            limits(rule.limits(), spec);
        }
        return spec;
    }

    private static HTTPMatchRequest match(HTTPRouteMatch match, PathMatch path) {
        HTTPMatchRequest.Builder built = HTTPMatchRequest.newBuilder().setUri(path.uri());
        if (match.hasMethod()) {
            built.setMethod(StringMatch.newBuilder().setExact(match.getMethod()));
        }
        // Of a header that is named twice, in whatever case, only the first counts.
        TreeMap<String, StringMatch> headers = new TreeMap<>();
        match.getHeadersList()
                .forEach(header -> headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), value(header)));
        TreeMap<String, StringMatch> parameters = new TreeMap<>();
        match.getQueryParamsList().forEach(parameter -> parameters.putIfAbsent(parameter.getName(), value(parameter)));
        return built.putAllHeaders(headers).putAllQueryParams(parameters).build();
    }

    private static StringMatch value(ValueMatch match) {
        StringMatch.Builder built = StringMatch.newBuilder();
        return match.getType().equals("RegularExpression")
                ? built.setRegex(match.getValue()).build()
                : built.setExact(match.getValue()).build();
    }

    private static void limits(HTTPRouteRule rule, HTTPRoute.Builder spec) {
        Duration request = duration(rule.getTimeouts().getRequest());
        Duration each = duration(rule.getTimeouts().getBackendRequest());
        if (rule.getTimeouts().hasRequest()) {
            spec.setTimeout(request);
        }
        boolean perTry = Durations.toNanos(each) > 0;
        boolean never = rule.hasRetry()
                && rule.getRetry().hasAttempts()
                && rule.getRetry().getAttempts() == 0;
        if (never) {
            spec.setRetries(HTTPRetry.newBuilder().setAttempts(0));
            // There is one try: its limit is that of the request.
            if (perTry) {
                spec.setTimeout(each);
            }
            return;
        }
        if (rule.hasRetry() || perTry) {
            HTTPRetry.Builder retries = HTTPRetry.newBuilder()
                    .setAttempts(rule.getRetry().hasAttempts() ? rule.getRetry().getAttempts() : DEFAULT_ATTEMPTS);
            if (rule.getRetry().getCodesCount() > 0) {
                StringBuilder conditions = new StringBuilder(RETRY_ON);
                rule.getRetry()
                        .getCodesList()
                        .forEach(code -> conditions.append(',').append(code));
                retries.setRetryOn(conditions.toString());
            }
            if (rule.getRetry().hasBackoff()) {
                retries.setBackoff(duration(rule.getRetry().getBackoff()));
            }
            if (perTry) {
                retries.setPerTryTimeout(each);
            }
            spec.setRetries(retries);
        }
    }

    private static Duration duration(String text) {
        return io.flotilla.config.schema.Durations.parse(text).orElse(Duration.getDefaultInstance());
    }

    /**
     * Where requests come in.
     *
     * @param number as callers use it
     * @param tls    it ends TLS
     */
    record Port(int number, boolean tls) {
        private static final int HTTP = 80;
        private static final int HTTPS = 443;

        /**
         * The port of a redirect's Location; 0 where it is left out, as it is when it is the scheme's own.
         *
         * @param scheme  of the redirect, empty for the request's
         * @param host    the redirect names a host of its own
         * @param written by the redirect, 0 for none
         */
        int redirect(String scheme, boolean host, int written) {
            String own = tls ? "https" : "http";
            String target = scheme.isEmpty() ? own : scheme;
            int usual = target.equals("https") ? HTTPS : HTTP;
            int port = written != 0 ? written : scheme.isEmpty() ? number : usual;
            // Envoy keeps a port of the request's host unless it is told another.
            boolean plainHost = host || number == (tls ? HTTPS : HTTP);
            return port == usual && plainHost ? 0 : port;
        }
    }
}
