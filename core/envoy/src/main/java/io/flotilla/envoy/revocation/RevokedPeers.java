package io.flotilla.envoy.revocation;

import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.snapshot.Revoked;
import io.flotilla.envoy.filter.ExtensionConfigs;
import java.util.List;
import java.util.stream.Stream;

/**
 * The filters that refuse revoked peers. They stand in every chain with client certificates from the beginning and let
 * everybody pass; what they deny comes by ECDS, the same two resources for all proxies, so that a revocation drains
 * nobody. On HTTP the next request is refused, also on an open connection; on TCP the next connection.
 */
public final class RevokedPeers {
    /** Name of the resource for HTTP. */
    public static final String HTTP = "flotilla.revoked.http";

    /** Name of the resource for TCP. */
    public static final String TCP = "flotilla.revoked.tcp";

    private static final String STATS = "flotilla_revoked_";

    private static final HttpFilter HTTP_FILTER = ExtensionConfigs.discoveredUnlessAway(
            HTTP, io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance());

    private static final Filter TCP_FILTER = ExtensionConfigs.discoveredUnlessAwayTcp(TCP, tcp(Revoked.NOTHING));

    private RevokedPeers() {}

    /** The first of the HTTP filters. */
    public static HttpFilter http() {
        return HTTP_FILTER;
    }

    /** Before a TCP proxy, after {@link PeerFacts}. */
    public static Filter tcp() {
        return TCP_FILTER;
    }

    /** What they deny. */
    public static List<TypedExtensionConfig> configs(Revoked revoked) {
        var http = io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder();
        if (!revoked.isEmpty()) {
            http.setRulesStatPrefix(STATS).setRules(rules(revoked));
        }
        return List.of(ExtensionConfigs.named(HTTP, http.build()), ExtensionConfigs.named(TCP, tcp(revoked)));
    }

    private static io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC tcp(Revoked revoked) {
        var tcp = io.envoyproxy
                .envoy
                .extensions
                .filters
                .network
                .rbac
                .v3
                .RBAC
                .newBuilder()
                .setStatPrefix(STATS);
        if (!revoked.isEmpty()) {
            tcp.setRules(rules(revoked));
        }
        return tcp.build();
    }

    private static RBAC rules(Revoked revoked) {
        Policy.Builder policy =
                Policy.newBuilder().addPermissions(Permission.newBuilder().setAny(true));
        Stream<Principal> identities = revoked.identities().stream().map(RevokedPeers::identity);
        Stream<Principal> serials = revoked.serials().stream()
                .map(serial -> remembered(
                        PeerFacts.SERIAL,
                        StringMatcher.newBuilder().setExact(wholeBytes(serial)).build()));
        Stream<Principal> before = revoked.before().stream().map(RevokedPeers::before);
        Stream.of(identities, serials, before).flatMap(each -> each).forEach(policy::addPrincipals);
        return RBAC.newBuilder()
                .setAction(RBAC.Action.DENY)
                .putPolicies("revoked", policy.build())
                .build();
    }

    /** Envoy writes whole bytes: "0a1b". */
    private static String wholeBytes(String serial) {
        return serial.length() % 2 == 0 ? serial : "0" + serial;
    }

    private static Principal identity(String id) {
        return Principal.newBuilder()
                .setAuthenticated(Principal.Authenticated.newBuilder()
                        .setPrincipalName(StringMatcher.newBuilder().setExact(id)))
                .build();
    }

    private static Principal before(Revoked.IssuedBefore before) {
        RegexMatcher earlier = RegexMatcher.newBuilder()
                .setRegex(Before.regex(before.time().getEpochSecond()))
                .build();
        return Principal.newBuilder()
                .setAndIds(Principal.Set.newBuilder()
                        .addIds(identity(before.identity()))
                        .addIds(remembered(
                                PeerFacts.BEGIN,
                                StringMatcher.newBuilder().setSafeRegex(earlier).build())))
                .build();
    }

    private static Principal remembered(String key, StringMatcher matcher) {
        return Principal.newBuilder()
                .setFilterState(FilterStateMatcher.newBuilder().setKey(key).setStringMatch(matcher))
                .build();
    }
}
