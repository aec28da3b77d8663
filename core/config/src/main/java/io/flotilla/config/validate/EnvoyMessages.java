package io.flotilla.config.validate;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import java.util.Optional;

/** The message of Envoy that a patch changes. */
final class EnvoyMessages {
    private EnvoyMessages() {}

    static Optional<Message> of(ApplyTo to) {
        return switch (to) {
            case LISTENER -> Optional.of(Listener.getDefaultInstance());
            case FILTER_CHAIN -> Optional.of(FilterChain.getDefaultInstance());
            case NETWORK_FILTER -> Optional.of(Filter.getDefaultInstance());
            case HTTP_FILTER -> Optional.of(HttpFilter.getDefaultInstance());
            case LISTENER_FILTER -> Optional.of(ListenerFilter.getDefaultInstance());
            case ROUTE_CONFIGURATION -> Optional.of(RouteConfiguration.getDefaultInstance());
            case VIRTUAL_HOST -> Optional.of(VirtualHost.getDefaultInstance());
            case HTTP_ROUTE -> Optional.of(Route.getDefaultInstance());
            case CLUSTER -> Optional.of(Cluster.getDefaultInstance());
            case EXTENSION_CONFIG -> Optional.of(TypedExtensionConfig.getDefaultInstance());
            case BOOTSTRAP -> Optional.of(Bootstrap.getDefaultInstance());
            case INVALID, UNRECOGNIZED -> Optional.empty();
        };
    }
}
