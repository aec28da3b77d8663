package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.authorization.TextPattern;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hosts of policies: upper and lower case are the same, so is a name with the dot of the root at its end, and any port
 * will do unless the policy names one.
 */
final class Hosts {
    private static final String AUTHORITY = ":authority";
    private static final Pattern PORT = Pattern.compile(":[0-9]+$");

    private Hosts() {}

    /** Envoy joins the lines of a request that names its host more than once; no policy knows such a host. */
    static RBAC refuseSeveral() {
        return RBAC.newBuilder()
                .setAction(RBAC.Action.DENY)
                .putPolicies(
                        "several-hosts",
                        Policy.newBuilder()
                                .addPermissions(is(StringMatcher.newBuilder()
                                        .setContains(",")
                                        .build()))
                                .addPrincipals(Principal.newBuilder().setAny(true))
                                .build())
                .build();
    }

    static Permission match(String value) {
        TextPattern pattern = TextPattern.parse(value);
        return switch (pattern) {
            case TextPattern.Any any -> Operations.header(AUTHORITY, any);
            case TextPattern.Prefix(String prefix) ->
                anyOf(Stream.concat(Stream.of(prefix), withDot(prefix)).map(Texts::prefix));
            case TextPattern.Exact(String host) -> exact(host);
            case TextPattern.Suffix(String suffix) -> suffix(suffix);
        };
    }

    private static Permission exact(String value) {
        if (PORT.matcher(value).find()) {
            int colon = value.lastIndexOf(':');
            String name = relative(value.substring(0, colon));
            String port = value.substring(colon);
            return anyOf(Stream.of(Texts.exact(name + port), Texts.exact(name + "." + port)));
        }
        String name = relative(value);
        return anyOf(Stream.of(
                Texts.exact(name), Texts.exact(name + "."), Texts.prefix(name + ":"), Texts.prefix(name + ".:")));
    }

    private static Permission suffix(String value) {
        if (PORT.matcher(value).find()) {
            return anyOf(Stream.concat(Stream.of(value), withDot(value))
                    .map(each -> Texts.match(new TextPattern.Suffix(each))));
        }
        String name = relative(value);
        return anyOf(Stream.of(
                Texts.match(new TextPattern.Suffix(name)),
                Texts.match(new TextPattern.Suffix(name + ".")),
                Texts.regex("(?i)\\C*" + Texts.quote(name) + "\\.?:\\C*")));
    }

    /** With the dot of the root before the port, where there is one. */
    private static Stream<String> withDot(String pattern) {
        int colon = pattern.lastIndexOf(':');
        return colon <= 0 || pattern.charAt(colon - 1) == '.'
                ? Stream.empty()
                : Stream.of(pattern.substring(0, colon) + "." + pattern.substring(colon));
    }

    private static String relative(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static Permission anyOf(Stream<StringMatcher> matchers) {
        return Sides.any(matchers.map(matcher -> is(with(matcher))).toList());
    }

    private static StringMatcher with(StringMatcher matcher) {
        return matcher.hasSafeRegex()
                ? matcher
                : matcher.toBuilder().setIgnoreCase(true).build();
    }

    private static Permission is(StringMatcher matcher) {
        return Permission.newBuilder()
                .setHeader(HeaderMatcher.newBuilder().setName(AUTHORITY).setStringMatch(matcher))
                .build();
    }
}
