package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.HTTPRouteFilter;
import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.gatewayapi.v1.HTTPRouteRule;
import io.flotilla.config.gatewayapi.AnyBackend;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An HTTPRoute of the Gateway API. */
final class ApiHttpRouteRules {
    private static final String CODE = "FL0517";
    private static final String TIMES = "FL0520";

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiMatchRules matches;
    private final ApiFilterRules filters;
    private final ApiBackendRules backends;

    private ApiHttpRouteRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.matches = new ApiMatchRules(check);
        this.filters = new ApiFilterRules(check);
        this.backends = new ApiBackendRules(check);
    }

    static void check(Config<HTTPRoute> config, Check check) {
        HTTPRoute spec = config.spec();
        ApiHttpRouteRules rules = new ApiHttpRouteRules(check);
        FieldPath at = Check.spec();
        new ApiReferenceRules(check).parents(spec.getParentRefsList(), at.field("parentRefs"));
        rules.backends.defaultGateways(spec.hasUseDefaultGateways(), spec.getUseDefaultGateways(), at);
        rules.syntax.hostnames(spec.getHostnamesList(), 16, "FL0516", at.field("hostnames"));
        rules.rules(spec.getRulesList(), at.field("rules"));
    }

    private void rules(List<HTTPRouteRule> rules, FieldPath at) {
        syntax.atMost(16, rules.size(), CODE, at);
        backends.ruleNames(rules.stream().map(HTTPRouteRule::getName).toList(), at);
        int total = 0;
        for (int i = 0; i < rules.size(); i++) {
            total += rules.get(i).getMatchesCount();
            rule(rules.get(i), at.item(i));
        }
        check.require(total <= 128, CODE, at, "has " + total + " matches in all rules, of which 128 are allowed");
    }

    private void rule(HTTPRouteRule rule, FieldPath at) {
        syntax.atMost(64, rule.getMatchesCount(), CODE, at.field("matches"));
        for (int i = 0; i < rule.getMatchesCount(); i++) {
            matches.http(rule.getMatches(i), at.field("matches").item(i));
        }
        filters.http(rule.getFiltersList(), at.field("filters"));
        List<HTTPBackend> targets = rule.getBackendRefsList();
        syntax.atMost(16, targets.size(), ApiBackendRules.CODE, at.field("backendRefs"));
        check.require(
                targets.isEmpty() || rule.getFiltersList().stream().noneMatch(HTTPRouteFilter::hasRequestRedirect),
                "FL0518",
                at.field("filters"),
                "a RequestRedirect answers by itself and stands beside no backendRefs");
        prefixes(rule, rule.getFiltersList(), at.field("filters"));
        for (int i = 0; i < targets.size(); i++) {
            FieldPath place = at.field("backendRefs").item(i);
            backends.weighted(AnyBackend.weighted(targets.get(i)), place);
            filters.http(targets.get(i).getFiltersList(), place.field("filters"));
            prefixes(rule, targets.get(i).getFiltersList(), place.field("filters"));
        }
        if (rule.hasTimeouts()) {
            timeouts(rule.getTimeouts(), at.field("timeouts"));
        }
        if (rule.hasRetry()) {
            retry(rule.getRetry(), at.field("retry"));
        }
        if (rule.hasSessionPersistence()) {
            backends.session(rule.getSessionPersistence(), at.field("sessionPersistence"));
        }
    }

    /** A prefix can only be replaced where the rule has exactly one. */
    private void prefixes(HTTPRouteRule rule, List<HTTPRouteFilter> list, FieldPath at) {
        Predicate<HTTPRouteFilter> replaces =
                filter -> filter.getRequestRedirect().getPath().hasReplacePrefixMatch()
                        || filter.getUrlRewrite().getPath().hasReplacePrefixMatch();
        // Without matches the rule has the prefix "/".
        boolean single = rule.getMatchesCount() == 0
                || (rule.getMatchesCount() == 1 && isPrefix(rule.getMatches(0).getPath()));
        for (int i = 0; i < list.size(); i++) {
            check.require(
                    single || !replaces.test(list.get(i)),
                    "FL0518",
                    at.item(i),
                    "replacePrefixMatch needs exactly one match in the rule, of type PathPrefix");
        }
    }

    private static boolean isPrefix(HTTPRouteMatch.Path path) {
        return !path.hasType() || path.getType().equals("PathPrefix");
    }

    private void timeouts(HTTPRouteRule.Timeouts timeouts, FieldPath at) {
        Optional<Duration> request = timeouts.hasRequest()
                ? syntax.duration(timeouts.getRequest(), TIMES, at.field("request"))
                : Optional.empty();
        Optional<Duration> backend = timeouts.hasBackendRequest()
                ? syntax.duration(timeouts.getBackendRequest(), TIMES, at.field("backendRequest"))
                : Optional.empty();
        if (request.isPresent() && backend.isPresent() && Durations.toMillis(request.get()) > 0) {
            check.require(
                    Durations.compare(backend.get(), request.get()) <= 0,
                    TIMES,
                    at.field("backendRequest"),
                    "must not be longer than request, " + timeouts.getRequest());
        }
    }

    private void retry(HTTPRouteRule.Retry retry, FieldPath at) {
        syntax.distinct(retry.getCodesList().stream().map(String::valueOf).toList(), TIMES, at.field("codes"));
        for (int i = 0; i < retry.getCodesCount(); i++) {
            syntax.between(400, 599, retry.getCodes(i), TIMES, at.field("codes").item(i));
        }
        check.notNegative(retry.getAttempts(), TIMES, at.field("attempts"));
        if (retry.hasBackoff()) {
            syntax.duration(retry.getBackoff(), TIMES, at.field("backoff"));
        }
    }
}
