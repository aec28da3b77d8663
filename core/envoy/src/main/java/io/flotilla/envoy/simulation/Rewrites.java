package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import java.util.regex.Pattern;

/** What a route makes of the path and the host (envoy.config.route.v3.RouteAction, RedirectAction). */
final class Rewrites {
    private Rewrites() {}

    /** The path with its query, as the server sees it. */
    static String path(Route route, Call call) {
        RouteAction action = route.getRoute();
        if (action.hasRegexRewrite()) {
            return substituted(action.getRegexRewrite(), call.path());
        }
        return action.getPrefixRewrite().isEmpty() ? call.path() : replaced(route, action.getPrefixRewrite(), call);
    }

    /** The host, as the server sees it. */
    static String host(Route route, Call call) {
        String literal = route.getRoute().getHostRewriteLiteral();
        return literal.isEmpty() ? call.host() : literal;
    }

    /** Of a redirect with a scheme the Location is whole; else it is what the redirect says of host and path. */
    static Outcome.Answered redirected(Route route, Call call) {
        RedirectAction redirect = route.getRedirect();
        int status = switch (redirect.getResponseCode()) {
            case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
            case FOUND -> 302;
            case SEE_OTHER -> 303;
            case TEMPORARY_REDIRECT -> 307;
            case PERMANENT_REDIRECT -> 308;
        };
        String path = redirectedPath(route, redirect, call);
        if (redirect.getSchemeRedirect().isEmpty()) {
            return new Outcome.Answered(status, redirect.getHostRedirect() + path);
        }
        String host = redirect.getHostRedirect().isEmpty() ? call.host() : redirect.getHostRedirect();
        String port = redirect.getPortRedirect() == 0 ? "" : ":" + redirect.getPortRedirect();
        return new Outcome.Answered(
                status, redirect.getSchemeRedirect() + "://" + host + port + (path.isEmpty() ? call.path() : path));
    }

    private static String redirectedPath(Route route, RedirectAction redirect, Call call) {
        if (redirect.hasRegexRewrite()) {
            return substituted(redirect.getRegexRewrite(), call.path());
        }
        return redirect.getPrefixRewrite().isEmpty()
                ? redirect.getPathRedirect()
                : replaced(route, redirect.getPrefixRewrite(), call);
    }

    /** What stands for the matched part, and the rest of the path. */
    private static String replaced(Route route, String replacement, Call call) {
        var match = route.getMatch();
        int matched = switch (match.getPathSpecifierCase()) {
            case PATH -> match.getPath().length();
            case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix().length();
            case SAFE_REGEX -> RouteMatching.withoutQuery(call.path()).length();
            default -> match.getPrefix().length();
        };
        return replacement + call.path().substring(matched);
    }

    // RE2 writes groups as \1 and a backslash as two; the query is left alone.
    private static String substituted(RegexMatchAndSubstitute rewrite, String path) {
        String bare = RouteMatching.withoutQuery(path);
        StringBuilder replacement = new StringBuilder();
        String substitution = rewrite.getSubstitution();
        for (int i = 0; i < substitution.length(); i++) {
            char next = substitution.charAt(i);
            if (next == '\\' && i + 1 < substitution.length()) {
                char after = substitution.charAt(++i);
                replacement.append(Character.isDigit(after) ? "$" + after : "\\" + after);
            } else {
                replacement.append(next == '$' ? "\\$" : String.valueOf(next));
            }
        }
        return Pattern.compile(rewrite.getPattern().getRegex()).matcher(bare).replaceAll(replacement.toString())
                + path.substring(bare.length());
    }
}
