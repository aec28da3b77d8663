package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.HTTPRouteMatch;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import java.util.List;

/**
 * A condition of a path in Istio's words. A prefix goes by elements, "/foo" is "/foo" and all below "/foo/" but not
 * "/foobar", so that it takes two conditions.
 *
 * @param uri   the condition
 * @param place which part of a prefix it is, that decides how a prefix is replaced
 */
record PathMatch(StringMatch uri, Place place) {
    enum Place {
        /** No prefix. */
        WHOLE,
        /** The prefix itself, "/foo". */
        SELF,
        /** All below the prefix, "/foo/". */
        BELOW,
        /** All below the root, "/". */
        ROOT
    }

    static List<PathMatch> of(HTTPRouteMatch.Path path) {
        StringMatch.Builder uri = StringMatch.newBuilder();
        return switch (path.getType()) {
            case "Exact" -> List.of(new PathMatch(uri.setExact(value(path)).build(), Place.WHOLE));
            case "RegularExpression" ->
                List.of(new PathMatch(uri.setRegex(value(path)).build(), Place.WHOLE));
            default -> prefix(withoutSlash(path));
        };
    }

    private static List<PathMatch> prefix(String prefix) {
        if (prefix.isEmpty()) {
            return List.of(new PathMatch(StringMatch.newBuilder().setPrefix("/").build(), Place.ROOT));
        }
        return List.of(
                new PathMatch(StringMatch.newBuilder().setExact(prefix).build(), Place.SELF),
                new PathMatch(StringMatch.newBuilder().setPrefix(prefix + "/").build(), Place.BELOW));
    }

    private static String value(HTTPRouteMatch.Path path) {
        return path.hasValue() ? path.getValue() : "/";
    }

    /** A prefix without the slash at its end, which says nothing; empty for all paths. */
    static String withoutSlash(HTTPRouteMatch.Path path) {
        String value = value(path);
        return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    }

    /** What the matched part becomes where the prefix is replaced. */
    String replaced(String replacement) {
        String bare = replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
        return switch (place) {
            case SELF -> bare.isEmpty() ? "/" : bare;
            case BELOW, ROOT, WHOLE -> bare + "/";
        };
    }
}
