package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import java.util.Collection;
import java.util.List;

/**
 * What stands before an application's port or an edge's server: everything that its filters depend on.
 *
 * @param authorization the policies
 * @param authorizers   those outside that policies name
 * @param normalization what is done to a path before anything looks at it
 */
public record Guards(Authorization authorization, List<Authorizer> authorizers, NormalizationType normalization) {
    public Guards {
        authorizers = List.copyOf(authorizers);
    }

    /** For a port of a sidecar's application; 0 for ports that no service has. */
    public static Guards inbound(Scope scope, int port) {
        return of(scope, scope.snapshot().authorization(workload(scope.view()), port));
    }

    /** For what these Gateways serve at an edge. */
    public static Guards edge(Scope scope, Collection<ObjectKey> gateways) {
        return of(scope, scope.snapshot().edgeAuthorization(workload(scope.view()), gateways));
    }

    private static Guards of(Scope scope, Authorization authorization) {
        return new Guards(
                authorization,
                Authorizer.named(scope, authorization),
                scope.snapshot().mesh().getPathNormalization().getNormalization());
    }

    private static Guarded workload(ProxyView view) {
        return new Guarded(view.namespace(), view.workload().serviceAccount(), view.labels());
    }

    /** The filters that requests meet, in order: those who are asked, what refuses, what permits. */
    public List<HttpFilter> http() {
        return RequestFilters.of(this);
    }

    /** The same for connections. */
    public List<Filter> tcp() {
        return ConnectionFilters.of(this);
    }
}
