package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules in the regular expressions of gRPC's libraries: RE2 for Go and Java has no "any byte" ({@code \C}), and what it
 * looks at are texts of ASCII, so "any character" is the same there.
 */
final class Dialect {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    private Dialect() {}

    static RBAC of(RBAC rules) {
        RBAC.Builder all = rules.toBuilder().clearPolicies();
        rules.getPoliciesMap().forEach((name, policy) -> all.putPolicies(name, of(policy)));
        return all.build();
    }

    private static Policy of(Policy policy) {
        Policy.Builder made = policy.toBuilder().clearPermissions().clearPrincipals();
        policy.getPermissionsList().forEach(each -> made.addPermissions(of(each)));
        policy.getPrincipalsList().forEach(each -> made.addPrincipals(of(each)));
        return made.build();
    }

    private static Permission of(Permission permission) {
        Permission.Builder made = permission.toBuilder();
        switch (permission.getRuleCase()) {
            case AND_RULES -> made.setAndRules(set(permission.getAndRules()));
            case OR_RULES -> made.setOrRules(set(permission.getOrRules()));
            case NOT_RULE -> made.setNotRule(of(permission.getNotRule()));
            case HEADER -> made.setHeader(of(permission.getHeader()));
            case URL_PATH ->
                made.getUrlPathBuilder().setPath(of(permission.getUrlPath().getPath()));
            default -> {
                // Others hold no texts.
            }
        }
        return made.build();
    }

    private static Permission.Set set(Permission.Set set) {
        Permission.Set.Builder made = Permission.Set.newBuilder();
        set.getRulesList().forEach(each -> made.addRules(of(each)));
        return made.build();
    }

    private static Principal of(Principal principal) {
        Principal.Builder made = principal.toBuilder();
        switch (principal.getIdentifierCase()) {
            case AND_IDS -> made.setAndIds(set(principal.getAndIds()));
            case OR_IDS -> made.setOrIds(set(principal.getOrIds()));
            case NOT_ID -> made.setNotId(of(principal.getNotId()));
            case HEADER -> made.setHeader(of(principal.getHeader()));
            case AUTHENTICATED ->
                made.getAuthenticatedBuilder()
                        .setPrincipalName(of(principal.getAuthenticated().getPrincipalName()));
            default -> {
                // Others hold no texts.
            }
        }
        return made.build();
    }

    private static Principal.Set set(Principal.Set set) {
        Principal.Set.Builder made = Principal.Set.newBuilder();
        set.getIdsList().forEach(each -> made.addIds(of(each)));
        return made.build();
    }

    private static HeaderMatcher of(HeaderMatcher header) {
        return header.hasStringMatch()
                ? header.toBuilder().setStringMatch(of(header.getStringMatch())).build()
                : header;
    }

    private static StringMatcher of(StringMatcher text) {
        return text.hasSafeRegex()
                ? text.toBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder()
                                .setRegex(regex(text.getSafeRegex().getRegex())))
                        .build()
                : text;
    }

    // Escapes are taken one by one, so that a backslash of the text itself is none.
    private static String regex(String regex) {
        return ESCAPE.matcher(regex).replaceAll(Dialect::escape);
    }

    private static String escape(MatchResult escape) {
        return Matcher.quoteReplacement(escape.group(1).equals("C") ? "(?s:.)" : escape.group());
    }
}
