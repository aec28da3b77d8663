package io.flotilla.envoy.patch;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Map;
import java.util.Set;

/** Names of filters, which Envoy has changed once. */
final class FilterNames {
    static final String MANAGER = "envoy.filters.network.http_connection_manager";
    static final String TCP_PROXY = "envoy.filters.network.tcp_proxy";
    static final String ROUTER = "envoy.filters.http.router";

    /** Filters after which none may stand. */
    static final Set<String> LAST = Set.of(MANAGER, TCP_PROXY, ROUTER, "envoy.filters.network.redis_proxy");

    private static final Map<String, String> OLD = Map.ofEntries(
            Map.entry("envoy.http_connection_manager", MANAGER),
            Map.entry("envoy.tcp_proxy", TCP_PROXY),
            Map.entry("envoy.router", ROUTER),
            Map.entry("envoy.lua", "envoy.filters.http.lua"),
            Map.entry("envoy.fault", "envoy.filters.http.fault"),
            Map.entry("envoy.cors", "envoy.filters.http.cors"),
            Map.entry("envoy.ext_authz", "envoy.filters.http.ext_authz"),
            Map.entry("envoy.buffer", "envoy.filters.http.buffer"),
            Map.entry("envoy.rate_limit", "envoy.filters.http.ratelimit"),
            Map.entry("envoy.grpc_web", "envoy.filters.http.grpc_web"),
            Map.entry("envoy.listener.tls_inspector", "envoy.filters.listener.tls_inspector"),
            Map.entry("envoy.listener.http_inspector", "envoy.filters.listener.http_inspector"),
            Map.entry("envoy.listener.original_dst", "envoy.filters.listener.original_dst"));

    private FilterNames() {}

    /** Today's name of a filter. */
    static String current(String name) {
        return OLD.getOrDefault(name, name);
    }

    /** The name of a filter of connections or of requests; empty for what is neither. */
    static String of(Message filter) {
        return switch (filter) {
            case Filter network -> network.getName();
            case HttpFilter http -> http.getName();
            default -> "";
        };
    }

    static boolean same(String left, String right) {
        return current(left).equals(current(right));
    }
}
