package io.flotilla.envoy.wasm;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.Wire;
import java.util.List;

/**
 * The filter that asks for a plugin's configuration. Until it has come, its listener waits; where it does not come at
 * all, everything passes or nothing does, as the plugin says.
 */
final class Discovered {
    private static final String STATS = "wasm_away";
    private static final String TYPE = "type.googleapis.com/";

    private Discovered() {}

    static HttpFilter http(Plugin plugin) {
        return HttpFilter.newBuilder()
                .setName(plugin.name())
                .setConfigDiscovery(source(
                        instead(plugin), io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm.getDefaultInstance()))
                .build();
    }

    static Filter network(Plugin plugin) {
        return Filter.newBuilder()
                .setName(plugin.name())
                .setConfigDiscovery(source(
                        instead(plugin),
                        io.envoyproxy.envoy.extensions.filters.network.wasm.v3.Wasm.getDefaultInstance()))
                .build();
    }

    /** What stands in its place where it is not to be had: a set without rules permits nothing, no set everything. */
    static Message instead(Plugin plugin) {
        if (plugin.network()) {
            var connections = io.envoyproxy
                    .envoy
                    .extensions
                    .filters
                    .network
                    .rbac
                    .v3
                    .RBAC
                    .newBuilder()
                    .setStatPrefix(STATS);
            return (plugin.open() ? connections : connections.setRules(RBAC.getDefaultInstance())).build();
        }
        var requests = io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.newBuilder();
        return (plugin.open() ? requests : requests.setRules(RBAC.getDefaultInstance())).build();
    }

    private static ExtensionConfigSource source(Message instead, Message wasm) {
        ExtensionConfigSource.Builder source =
                ExtensionConfigSource.newBuilder().setConfigSource(Wire.ads()).setDefaultConfig(Wire.any(instead));
        List.of(wasm, instead)
                .forEach(type ->
                        source.addTypeUrls(TYPE + type.getDescriptorForType().getFullName()));
        return source.build();
    }
}
