package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.authorization.TextPattern;
import java.util.List;

/**
 * Who the peer is by its certificate, "spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT". A peer without a certificate has none
 * of these.
 */
final class Identities {
    private static final String SCHEME = "spiffe://";
    private static final String SEGMENT = "[^/]+";

    private Identities() {}

    static Principal principal(String value) {
        return switch (TextPattern.parse(value)) {
            case TextPattern.Any any -> authenticated(Texts.prefix(SCHEME));
            case TextPattern.Exact(String text) -> authenticated(Texts.exact(SCHEME + text));
            case TextPattern.Prefix(String text) -> authenticated(Texts.prefix(SCHEME + text));
            case TextPattern.Suffix suffix ->
                Sides.andOf(List.of(authenticated(Texts.prefix(SCHEME)), authenticated(Texts.match(suffix))));
        };
    }

    static Principal namespace(String value) {
        return authenticated(Texts.regex(SCHEME + SEGMENT + "/ns/" + segment(value) + "/sa/" + SEGMENT));
    }

    /** "NAMESPACE/NAME", exactly. */
    static Principal account(String value) {
        int slash = value.indexOf('/');
        return authenticated(Texts.regex(SCHEME + SEGMENT + "/ns/" + Texts.quote(value.substring(0, slash)) + "/sa/"
                + Texts.quote(value.substring(slash + 1))));
    }

    static Principal trustDomain(String value) {
        return authenticated(Texts.regex(SCHEME + segment(value) + "/.*"));
    }

    private static String segment(String pattern) {
        return switch (TextPattern.parse(pattern)) {
            case TextPattern.Any any -> SEGMENT;
            case TextPattern.Exact(String text) -> Texts.quote(text);
            case TextPattern.Prefix(String text) -> Texts.quote(text) + "[^/]*";
            case TextPattern.Suffix(String text) -> "[^/]*" + Texts.quote(text);
        };
    }

    private static Principal authenticated(StringMatcher name) {
        return Principal.newBuilder()
                .setAuthenticated(Principal.Authenticated.newBuilder().setPrincipalName(name))
                .build();
    }
}
