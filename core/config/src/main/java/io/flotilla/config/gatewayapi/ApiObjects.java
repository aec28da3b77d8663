package io.flotilla.config.gatewayapi;

import com.google.protobuf.Message;
import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.GatewayClass;
import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The objects of the Gateway API by kind, each list with the oldest first, then by namespace and name. */
record ApiObjects(
        List<Config<GatewayClass>> classes,
        List<Config<Gateway>> gateways,
        List<AnyRoute> routes,
        List<Config<ReferenceGrant>> grants,
        List<Config<BackendTLSPolicy>> policies) {
    static final Comparator<Config<?>> OLDEST = Comparator.comparing((Config<?> config) -> config.created())
            .thenComparing(Config::namespace)
            .thenComparing(Config::name);

    static ApiObjects of(Collection<? extends Config<?>> objects, Memo memo) {
        List<AnyRoute> routes = new ArrayList<>();
        objects.forEach(config -> memo.parsed(config).ifPresent(routes::add));
        routes.sort(AnyRoute.OLDEST);
        return new ApiObjects(
                of(objects, GatewayApi.GATEWAY_CLASS, GatewayClass.class),
                of(objects, GatewayApi.GATEWAY, Gateway.class),
                routes,
                of(objects, GatewayApi.REFERENCE_GRANT, ReferenceGrant.class),
                of(objects, GatewayApi.BACKEND_TLS_POLICY, BackendTLSPolicy.class));
    }

    @SuppressWarnings("unchecked") // the message is looked at first
    private static <T extends Message> List<Config<T>> of(
            Collection<? extends Config<?>> objects, Kind kind, Class<T> message) {
        return objects.stream()
                .filter(config -> config.key().kind().equals(kind) && message.isInstance(config.spec()))
                .sorted(OLDEST)
                .map(config -> (Config<T>) config)
                .toList();
    }
}
