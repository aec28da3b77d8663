package io.flotilla.envoy.patch;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.FilterClass;
import java.util.List;
import java.util.Set;

/** Where a filter of a class belongs among those that translation makes: authentication, authorization, the others. */
final class HttpPhases {
    private static final Set<String> AUTHENTICATION = Set.of("envoy.filters.http.jwt_authn");
    private static final Set<String> AUTHORIZATION =
            Set.of("envoy.filters.http.jwt_authn", "envoy.filters.http.rbac", "envoy.filters.http.ext_authz");

    private HttpPhases() {}

    /**
     * The index for a new filter: AUTHN after the mesh's authentication, AUTHZ after its authorization, both first where
     * there is none; everything else right before the router, since none may stand behind it.
     */
    static int place(List<HttpFilter> filters, FilterClass filterClass) {
        return switch (filterClass) {
            case AUTHN -> after(filters, AUTHENTICATION);
            case AUTHZ -> after(filters, AUTHORIZATION);
            case STATS, UNSPECIFIED, UNRECOGNIZED ->
                filters.isEmpty()
                                || !FilterNames.LAST.contains(filters.getLast().getName())
                        ? filters.size()
                        : filters.size() - 1;
        };
    }

    private static int after(List<HttpFilter> filters, Set<String> names) {
        for (int i = filters.size(); i > 0; i--) {
            if (names.contains(filters.get(i - 1).getName())) {
                return i;
            }
        }
        return 0;
    }
}
