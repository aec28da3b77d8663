package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.envoy.Wire;
import java.util.Map;
import java.util.TreeMap;

/** Conditions of a rule as Envoy's. */
final class Matches {
    private Matches() {}

    /** Every request. */
    static RouteMatch everything() {
        return RouteMatch.newBuilder().setPrefix("/").build();
    }

    /** All fields of one entry must agree with the request; its static fields (gateways, labels) are not looked at. */
    static RouteMatch of(HTTPMatchRequest match) {
        RouteMatch.Builder built = RouteMatch.newBuilder();
        path(match, built);
        header(":scheme", match.hasScheme(), match.getScheme(), built);
        header(":method", match.hasMethod(), match.getMethod(), built);
        header(":authority", match.hasAuthority(), match.getAuthority(), built);
        new TreeMap<>(match.getHeadersMap()).forEach((name, value) -> {
            if (ClaimMatches.isClaim(name)) {
                built.addDynamicMetadata(ClaimMatches.of(name, value, false));
            } else {
                built.addHeaders(header(name, value));
            }
        });
        new TreeMap<>(match.getWithoutHeadersMap()).forEach((name, value) -> {
            if (ClaimMatches.isClaim(name)) {
                built.addDynamicMetadata(ClaimMatches.of(name, value, true));
            } else {
                built.addHeaders(without(name, value));
            }
        });
        for (Map.Entry<String, StringMatch> query : new TreeMap<>(match.getQueryParamsMap()).entrySet()) {
            built.addQueryParameters(query(query.getKey(), query.getValue()));
        }
        return built.build();
    }

    /** Whether this entry lets every request through. */
    static boolean catchesAll(RouteMatch match) {
        return match.getPrefix().equals("/")
                && match.getHeadersCount() == 0
                && match.getQueryParametersCount() == 0
                && match.getDynamicMetadataCount() == 0;
    }

    private static void path(HTTPMatchRequest match, RouteMatch.Builder built) {
        StringMatch uri = match.getUri();
        switch (uri.getMatchTypeCase()) {
            case EXACT -> built.setPath(uri.getExact());
            case PREFIX -> built.setPrefix(uri.getPrefix());
            case REGEX -> built.setSafeRegex(regex(uri.getRegex()));
            case MATCHTYPE_NOT_SET -> built.setPrefix("/");
        }
        if (match.getIgnoreUriCase()) {
            built.setCaseSensitive(Wire.no());
        }
    }

    private static void header(String name, boolean given, StringMatch value, RouteMatch.Builder built) {
        if (given && value.getMatchTypeCase() != StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET) {
            built.addHeaders(HeaderMatcher.newBuilder().setName(name).setStringMatch(string(value)));
        }
    }

    // Istio's name for the method, the scheme and the host as headers differs from Envoy's only here.
    private static HeaderMatcher header(String name, StringMatch value) {
        HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(name);
        return value.getMatchTypeCase() == StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET
                ? matcher.setPresentMatch(true).build()
                : matcher.setStringMatch(string(value)).build();
    }

    private static HeaderMatcher without(String name, StringMatch value) {
        HeaderMatcher.Builder matcher = header(name, value).toBuilder().setInvertMatch(true);
        return value.getMatchTypeCase() == StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET
                ? matcher.build()
                : matcher.setTreatMissingHeaderAsEmpty(true).build();
    }

    private static QueryParameterMatcher query(String name, StringMatch value) {
        QueryParameterMatcher.Builder matcher =
                QueryParameterMatcher.newBuilder().setName(name);
        return value.getMatchTypeCase() == StringMatch.MatchTypeCase.MATCHTYPE_NOT_SET
                ? matcher.setPresentMatch(true).build()
                : matcher.setStringMatch(string(value)).build();
    }

    /** A comparison of text; nothing given compares with the empty text. */
    static StringMatcher string(StringMatch value) {
        return switch (value.getMatchTypeCase()) {
            case EXACT, MATCHTYPE_NOT_SET ->
                StringMatcher.newBuilder().setExact(value.getExact()).build();
            case PREFIX ->
                StringMatcher.newBuilder().setPrefix(value.getPrefix()).build();
            case REGEX ->
                StringMatcher.newBuilder().setSafeRegex(regex(value.getRegex())).build();
        };
    }

    private static RegexMatcher regex(String pattern) {
        return RegexMatcher.newBuilder().setRegex(pattern).build();
    }
}
