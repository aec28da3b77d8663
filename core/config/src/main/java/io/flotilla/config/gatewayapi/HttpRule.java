package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteRule;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule of an HTTPRoute, or of a GRPCRoute said in the words of HTTP.
 *
 * @param name     its own, or its number from 0
 * @param matches  at least one
 * @param filters  of the rule
 * @param backends where requests go
 * @param limits   timeouts, retry and session; of the rule as it was written
 */
record HttpRule(
        String name,
        List<RankedMatch> matches,
        List<HTTPRouteFilter> filters,
        List<HTTPBackend> backends,
        HTTPRouteRule limits) {
    /**
     * A condition and how much it goes before others.
     *
     * @param match all of it must agree
     * @param rank  the greater goes first
     */
    record RankedMatch(HTTPRouteMatch match, Rank rank) {}

    static List<HttpRule> of(HTTPRoute route) {
        // Without rules, every request matches, and there is nothing to do with it.
        List<HTTPRouteRule> rules =
                route.getRulesCount() == 0 ? List.of(HTTPRouteRule.getDefaultInstance()) : route.getRulesList();
        List<HttpRule> all = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            HTTPRouteRule rule = rules.get(i);
            List<HTTPRouteMatch> matches =
                    rule.getMatchesCount() == 0 ? List.of(HTTPRouteMatch.getDefaultInstance()) : rule.getMatchesList();
            all.add(new HttpRule(
                    rule.hasName() ? rule.getName() : Integer.toString(i),
                    matches.stream()
                            .map(match -> new RankedMatch(match, Rank.of(match)))
                            .toList(),
                    rule.getFiltersList(),
                    rule.getBackendRefsList(),
                    rule));
        }
        return all;
    }
}
