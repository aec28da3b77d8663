package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Optional;

/** Whether a connection may become another than of HTTP (UpgradeConfig of the connection manager and of the route). */
final class Upgrades {
    private static final String HTTP2 = "h2c";

    private Upgrades() {}

    /** True also where nobody asks for it. */
    static boolean allowed(HttpConnectionManager manager, Optional<Route> route, Call call) {
        String asked = call.headers().getOrDefault("upgrade", "");
        // Envoy takes such a request for one without that wish: it speaks no HTTP/2 after HTTP/1.
        boolean wanted = !asked.isEmpty() && !asked.equalsIgnoreCase(HTTP2) && announced(call);
        if (!wanted) {
            return true;
        }
        List<RouteAction.UpgradeConfig> ofRoute =
                route.map(found -> found.getRoute().getUpgradeConfigsList()).orElse(List.of());
        return ofRoute.stream()
                .filter(config -> config.getUpgradeType().equalsIgnoreCase(asked))
                .findFirst()
                .map(config -> !config.hasEnabled() || config.getEnabled().getValue())
                .orElseGet(() -> manager.getUpgradeConfigsList().stream()
                        .filter(config -> config.getUpgradeType().equalsIgnoreCase(asked))
                        .anyMatch(config ->
                                !config.hasEnabled() || config.getEnabled().getValue()));
    }

    private static boolean announced(Call call) {
        return List.of(call.headers().getOrDefault("connection", "").split("\\s*,\\s*")).stream()
                .anyMatch("upgrade"::equalsIgnoreCase);
    }
}
