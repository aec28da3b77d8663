package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.GRPCBackend;
import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.GRPCRouteFilter;
import io.flotilla.api.gatewayapi.v1.GRPCRouteMatch;
import io.flotilla.api.gatewayapi.v1.GRPCRouteRule;
import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteRule;
import io.flotilla.config.gatewayapi.HttpRule.RankedMatch;
import java.util.ArrayList;
import java.util.List;

/** Rules of a GRPCRoute in the words of HTTP: "/SERVICE/METHOD" is the path of a call. */
final class GrpcRules {
    private static final String ANY = "[^/]+";

    private GrpcRules() {}

    static List<HttpRule> of(GRPCRoute route) {
        List<GRPCRouteRule> rules =
                route.getRulesCount() == 0 ? List.of(GRPCRouteRule.getDefaultInstance()) : route.getRulesList();
        List<HttpRule> all = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            GRPCRouteRule rule = rules.get(i);
            List<GRPCRouteMatch> matches =
                    rule.getMatchesCount() == 0 ? List.of(GRPCRouteMatch.getDefaultInstance()) : rule.getMatchesList();
            HTTPRouteRule.Builder limits = HTTPRouteRule.newBuilder();
            if (rule.hasSessionPersistence()) {
                limits.setSessionPersistence(rule.getSessionPersistence());
            }
            all.add(new HttpRule(
                    rule.hasName() ? rule.getName() : Integer.toString(i),
                    matches.stream()
                            .map(match -> new RankedMatch(http(match), Rank.of(match)))
                            .toList(),
                    rule.getFiltersList().stream().map(GrpcRules::filter).toList(),
                    rule.getBackendRefsList().stream().map(GrpcRules::backend).toList(),
                    limits.build()));
        }
        return all;
    }

    private static HTTPRouteMatch http(GRPCRouteMatch match) {
        HTTPRouteMatch.Builder built = HTTPRouteMatch.newBuilder().addAllHeaders(match.getHeadersList());
        String service = match.getMethod().getService();
        String method = match.getMethod().getMethod();
        boolean expression = match.getMethod().getType().equals("RegularExpression");
        if (!expression && !service.isEmpty() && !method.isEmpty()) {
            return built.setPath(path("Exact", "/" + service + "/" + method)).build();
        }
        if (!expression && !service.isEmpty()) {
            return built.setPath(path("PathPrefix", "/" + service)).build();
        }
        if (service.isEmpty() && method.isEmpty()) {
            return built.build();
        }
        String services = service.isEmpty() ? ANY : "(?:" + service + ")";
        String methods = method.isEmpty() ? ANY : expression ? "(?:" + method + ")" : method;
        return built.setPath(path("RegularExpression", "/" + services + "/" + methods))
                .build();
    }

    private static HTTPRouteMatch.Path path(String type, String value) {
        return HTTPRouteMatch.Path.newBuilder().setType(type).setValue(value).build();
    }

    private static HTTPRouteFilter filter(GRPCRouteFilter filter) {
        HTTPRouteFilter.Builder built = HTTPRouteFilter.newBuilder().setType(filter.getType());
        if (filter.hasRequestHeaderModifier()) {
            built.setRequestHeaderModifier(filter.getRequestHeaderModifier());
        }
        if (filter.hasResponseHeaderModifier()) {
            built.setResponseHeaderModifier(filter.getResponseHeaderModifier());
        }
        if (filter.hasRequestMirror()) {
            built.setRequestMirror(filter.getRequestMirror());
        }
        if (filter.hasExtensionRef()) {
            built.setExtensionRef(filter.getExtensionRef());
        }
        return built.build();
    }

    private static HTTPBackend backend(GRPCBackend backend) {
        HTTPBackend.Builder built = AnyBackend.http(backend);
        backend.getFiltersList().forEach(filter -> built.addFilters(filter(filter)));
        return built.build();
    }
}
