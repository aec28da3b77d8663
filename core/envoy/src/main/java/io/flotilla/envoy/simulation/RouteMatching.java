package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Envoy's conditions of routes. */
final class RouteMatching {
    private RouteMatching() {}

    static boolean matches(RouteMatch match, Call call) {
        return path(match, call)
                && match.getHeadersList().stream().allMatch(header -> header(header, call))
                && match.getQueryParametersList().stream().allMatch(parameter -> query(parameter, call));
    }

    private static boolean path(RouteMatch match, Call call) {
        String path = call.path().replaceAll("\\?.*", "");
        boolean ignoreCase =
                match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
        String given = ignoreCase ? path.toLowerCase(Locale.ROOT) : path;
        return switch (match.getPathSpecifierCase()) {
            case PATH -> given.equals(ignoreCase ? match.getPath().toLowerCase(Locale.ROOT) : match.getPath());
            case PREFIX ->
                given.startsWith(ignoreCase ? match.getPrefix().toLowerCase(Locale.ROOT) : match.getPrefix());
            case SAFE_REGEX -> given.matches(match.getSafeRegex().getRegex());
            default -> throw new AssertionError("not simulated: " + match.getPathSpecifierCase());
        };
    }

    private static boolean header(HeaderMatcher matcher, Call call) {
        Map<String, String> headers = new TreeMap<>(call.headers());
        headers.put(":method", call.method());
        headers.put(":authority", call.host());
        headers.put(":scheme", "http");
        String value = headers.get(matcher.getName());
        if (value == null && matcher.getTreatMissingHeaderAsEmpty()) {
            value = "";
        }
        boolean matched =
                matcher.hasPresentMatch() ? value != null : value != null && string(matcher.getStringMatch(), value);
        return matched != matcher.getInvertMatch();
    }

    private static boolean query(QueryParameterMatcher matcher, Call call) {
        String value = parameter(call.path(), matcher.getName());
        return value != null && (matcher.hasPresentMatch() || string(matcher.getStringMatch(), value));
    }

    private static @Nullable String parameter(String path, String name) {
        for (String pair : path.replaceAll("^[^?]*\\??", "").split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts[0].equals(name)) {
                return parts.length > 1 ? parts[1] : "";
            }
        }
        return null;
    }

    private static boolean string(StringMatcher matcher, String value) {
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> value.equals(matcher.getExact());
            case PREFIX -> value.startsWith(matcher.getPrefix());
            case SAFE_REGEX -> value.matches(matcher.getSafeRegex().getRegex());
            default -> throw new AssertionError("not simulated: " + matcher.getMatchPatternCase());
        };
    }
}
