package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.Layer4Rule;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.gatewayapi.v1.TCPRoute;
import io.flotilla.api.gatewayapi.v1.TLSRoute;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A route of any kind.
 *
 * @param config    the object
 * @param parents   to which it wants to be attached
 * @param hostnames that it is for; empty for all
 * @param rules     what it says
 */
record AnyRoute(Config<?> config, List<ParentReference> parents, List<String> hostnames, Rules rules) {
    static final Comparator<AnyRoute> OLDEST = Comparator.comparing(AnyRoute::config, ApiObjects.OLDEST)
            .thenComparing(route -> route.config().key().kind());

    /** What a route says, by layer. */
    sealed interface Rules {
        /** Requests. */
        record Http(List<HttpRule> rules) implements Rules {}

        /** Connections. */
        record Layer4(List<Layer4Rule> rules) implements Rules {}
    }

    static Optional<AnyRoute> of(Config<?> config) {
        return Optional.ofNullable(
                switch (config.spec()) {
                    case HTTPRoute http ->
                        new AnyRoute(
                                config,
                                http.getParentRefsList(),
                                http.getHostnamesList(),
                                new Rules.Http(HttpRule.of(http)));
                    case GRPCRoute grpc ->
                        new AnyRoute(
                                config,
                                grpc.getParentRefsList(),
                                grpc.getHostnamesList(),
                                new Rules.Http(GrpcRules.of(grpc)));
                    case TLSRoute tls ->
                        new AnyRoute(
                                config,
                                tls.getParentRefsList(),
                                tls.getHostnamesList(),
                                new Rules.Layer4(tls.getRulesList()));
                    case TCPRoute tcp ->
                        new AnyRoute(config, tcp.getParentRefsList(), List.of(), new Rules.Layer4(tcp.getRulesList()));
                    default -> null;
                });
    }

    Kind kind() {
        return config.key().kind();
    }

    String namespace() {
        return config.namespace();
    }

    boolean isHttp() {
        return rules instanceof Rules.Http;
    }

    boolean isGrpc() {
        return kind().equals(GatewayApi.GRPC_ROUTE);
    }

    List<HttpRule> httpRules() {
        return rules instanceof Rules.Http(List<HttpRule> http) ? http : List.of();
    }

    List<Layer4Rule> layer4Rules() {
        return rules instanceof Rules.Layer4(List<Layer4Rule> layer4) ? layer4 : List.of();
    }

    /** The namespace of a parent. */
    String namespace(ParentReference parent) {
        return parent.getNamespace().isEmpty() ? namespace() : parent.getNamespace();
    }

    /** The parent is a Gateway. */
    static boolean isGateway(ParentReference parent) {
        return (!parent.hasGroup() || parent.getGroup().equals(GatewayApi.GROUP))
                && (!parent.hasKind() || parent.getKind().equals("Gateway"));
    }

    /** The parent is a Service: the route is for callers in the mesh. */
    static boolean isService(ParentReference parent) {
        return parent.hasGroup()
                && parent.getGroup().isEmpty()
                && parent.getKind().equals("Service");
    }
}
