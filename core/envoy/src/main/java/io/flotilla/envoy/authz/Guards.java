package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.extensions.v1alpha1.PluginPhase;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.ProxyPathNormalization.NormalizationType;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.jwt.TokenFilter;
import io.flotilla.envoy.wasm.Plugins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What stands before an application's port or an edge's server: everything that its filters depend on.
 *
 * @param tokens        whose tokens are believed
 * @param authorization the policies
 * @param authorizers   those outside that policies name
 * @param normalization what is done to a path before anything looks at it
 * @param plugins       modules of the user's own
 * @param recorder      who keeps the records that policies want, empty where the mesh has none
 */
public record Guards(
        TokenPolicy tokens,
        Authorization authorization,
        List<Authorizer> authorizers,
        NormalizationType normalization,
        Plugins plugins,
        Optional<Recorder> recorder) {
    public Guards {
        authorizers = List.copyOf(authorizers);
    }

    /** Those of a mesh without a recorder. */
    public Guards(
            TokenPolicy tokens,
            Authorization authorization,
            List<Authorizer> authorizers,
            NormalizationType normalization,
            Plugins plugins) {
        this(tokens, authorization, authorizers, normalization, plugins, Optional.empty());
    }

    /** For a port of a sidecar's application; 0 for ports that no service has. */
    public static Guards inbound(Scope scope, int port) {
        Guarded workload = workload(scope.view());
        return of(
                scope,
                scope.snapshot().tokens(workload, port),
                scope.snapshot().authorization(workload, port),
                Plugins.inbound(scope, port));
    }

    /** For what these Gateways serve at an edge, on this port of its pods. */
    public static Guards edge(Scope scope, int port, Collection<ObjectKey> gateways, Plugins plugins) {
        Guarded workload = workload(scope.view());
        return of(
                scope,
                scope.snapshot().edgeTokens(workload, port, gateways),
                scope.snapshot().edgeAuthorization(workload, gateways),
                plugins);
    }

    private static Guards of(Scope scope, TokenPolicy tokens, Authorization authorization, Plugins plugins) {
        Optional<Recorder> recorder = Recorder.of(scope);
        return new Guards(
                tokens,
                authorization,
                Authorizer.named(scope, authorization).stream()
                        .filter(authorizer -> recorder.isEmpty()
                                || !recorder.get().providers().contains(authorizer.name()))
                        .toList(),
                scope.snapshot().mesh().getPathNormalization().getNormalization(),
                plugins,
                recorder);
    }

    private static Guarded workload(ProxyView view) {
        return new Guarded(view.namespace(), view.workload().serviceAccount(), view.labels());
    }

    /** The filters that requests meet, in order: who checks tokens, who is asked, what refuses, what permits; plugins between. */
    public List<HttpFilter> http() {
        List<HttpFilter> filters = new ArrayList<>(plugins.http(PluginPhase.AUTHN));
        TokenFilter.of(tokens).ifPresent(filters::add);
        filters.addAll(plugins.http(PluginPhase.AUTHZ));
        filters.addAll(RequestFilters.of(this));
        filters.addAll(plugins.http(PluginPhase.STATS));
        return filters;
    }

    /**
     * The same for connections.
     *
     * @param clientChooses the port serves requests too, as its protocol is not known
     */
    public List<Filter> tcp(boolean clientChooses) {
        return plugins.around(ConnectionFilters.of(this, clientChooses), List.of());
    }
}
