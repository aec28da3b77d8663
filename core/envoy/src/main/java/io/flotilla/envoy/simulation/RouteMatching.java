package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.flotilla.envoy.route.TextMatching;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Envoy's conditions of routes. */
final class RouteMatching {
    private RouteMatching() {}

    /** Whether a route takes a call; {@code https} is the scheme that the proxy has seen. */
    static boolean matches(RouteMatch match, Call call, boolean https) {
        return path(match, call)
                && match.getHeadersList().stream().allMatch(header -> header(header, call, https))
                && match.getQueryParametersList().stream().allMatch(parameter -> query(parameter, call))
                // Calls bring no tokens: no claim is there.
                && match.getDynamicMetadataList().stream().allMatch(MetadataMatcher::getInvert);
    }

    private static boolean path(RouteMatch match, Call call) {
        String path = withoutQuery(call.path());
        boolean ignoreCase =
                match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
        String given = ignoreCase ? path.toLowerCase(Locale.ROOT) : path;
        return switch (match.getPathSpecifierCase()) {
            case PATH -> given.equals(ignoreCase ? match.getPath().toLowerCase(Locale.ROOT) : match.getPath());
            case PREFIX ->
                given.startsWith(ignoreCase ? match.getPrefix().toLowerCase(Locale.ROOT) : match.getPrefix());
            case PATH_SEPARATED_PREFIX -> {
                String prefix = ignoreCase
                        ? match.getPathSeparatedPrefix().toLowerCase(Locale.ROOT)
                        : match.getPathSeparatedPrefix();
                yield given.equals(prefix) || given.startsWith(prefix + "/");
            }
            case SAFE_REGEX -> path.matches(match.getSafeRegex().getRegex());
            default -> throw new IllegalArgumentException("no translation makes " + match.getPathSpecifierCase());
        };
    }

    static String withoutQuery(String path) {
        return path.replaceAll("[?#].*", "");
    }

    private static boolean header(HeaderMatcher matcher, Call call, boolean https) {
        Map<String, String> headers = new TreeMap<>(call.headers());
        headers.put(":method", call.method());
        headers.put(":authority", call.host());
        headers.put(":path", call.path());
        headers.put(":scheme", https ? "https" : "http");
        String value = headers.get(matcher.getName().toLowerCase(Locale.ROOT));
        if (value == null && matcher.getTreatMissingHeaderAsEmpty()) {
            value = "";
        }
        if (matcher.hasPresentMatch()) {
            return (value != null) != matcher.getInvertMatch();
        }
        // A header that is not there matches no text, inverted or not.
        return value != null && TextMatching.matches(matcher.getStringMatch(), value) != matcher.getInvertMatch();
    }

    private static boolean query(QueryParameterMatcher matcher, Call call) {
        String value = parameter(call.path(), matcher.getName());
        return value != null && (matcher.hasPresentMatch() || TextMatching.matches(matcher.getStringMatch(), value));
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
}
