package io.flotilla.envoy.proxyless;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.flotilla.config.snapshot.Revoked;
import io.flotilla.envoy.authz.LibraryFilters;
import io.flotilla.envoy.tls.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which members of the mesh a gRPC server refuses: those of trust domains that share the roots but are let in nowhere,
 * and those that are revoked. The library knows a caller's identity and nothing else of its certificate, so an identity
 * of which only older certificates are revoked is refused as a whole, and a serial number refuses nobody.
 */
final class Callers {
    private Callers() {}

    static List<HttpFilter> filters(boolean tls, Members members, Revoked revoked) {
        List<HttpFilter> filters = new ArrayList<>();
        if (!tls) {
            return filters;
        }
        List<Principal> let = members.domains().stream()
                .map(domain -> identity(StringMatcher.newBuilder().setPrefix("spiffe://" + domain + "/")))
                .toList();
        Principal stranger = Principal.newBuilder()
                .setNotId(Principal.newBuilder()
                        .setOrIds(Principal.Set.newBuilder().addAllIds(let)))
                .build();
        filters.add(refuse("strangers", List.of(stranger)));
        List<Principal> gone = Stream.concat(
                        revoked.identities().stream(), revoked.before().stream().map(Revoked.IssuedBefore::identity))
                .distinct()
                .map(id -> identity(StringMatcher.newBuilder().setExact(id)))
                .toList();
        if (!gone.isEmpty()) {
            filters.add(refuse("revoked", gone));
        }
        return filters;
    }

    private static Principal identity(StringMatcher.Builder name) {
        return Principal.newBuilder()
                .setAuthenticated(Principal.Authenticated.newBuilder().setPrincipalName(name))
                .build();
    }

    private static HttpFilter refuse(String why, List<Principal> whom) {
        return LibraryFilters.filter(
                why,
                RBAC.newBuilder()
                        .setAction(RBAC.Action.DENY)
                        .putPolicies(
                                why,
                                Policy.newBuilder()
                                        .addPermissions(Permission.newBuilder().setAny(true))
                                        .addAllPrincipals(whom)
                                        .build())
                        .build());
    }
}
