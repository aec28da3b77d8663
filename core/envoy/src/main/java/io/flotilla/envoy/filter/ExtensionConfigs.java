package io.flotilla.envoy.filter;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.revocation.RevokedPeers;
import io.flotilla.envoy.wasm.PluginConfigs;
import java.util.List;
import java.util.stream.Stream;

/**
 * Filters whose configuration comes by a stream of its own (ECDS): it can change while connections stay open, and a
 * listener that names it does not change with it.
 */
public final class ExtensionConfigs {
    private ExtensionConfigs() {}

    /** All that a proxy's listeners may name; each part of the mesh that has some adds its own. */
    public static List<TypedExtensionConfig> of(Scope scope) {
        return Stream.concat(
                        RevokedPeers.configs(scope.snapshot().revoked()).stream(), PluginConfigs.of(scope).stream())
                .toList();
    }

    /** A configuration under the name by which filters ask for it. */
    public static TypedExtensionConfig named(String name, Message config) {
        return TypedExtensionConfig.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }

    /**
     * The filter whose configuration has this name. Its listener warms until the configuration has come.
     *
     * @param config any message of the configuration's type
     */
    public static HttpFilter discovered(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setConfigDiscovery(source(config))
                .build();
    }

    /**
     * The same, with a configuration that holds until that of the name has come: the listener does not wait for it.
     */
    public static HttpFilter discoveredUnlessAway(String name, Message meanwhile) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setConfigDiscovery(unlessAway(meanwhile))
                .build();
    }

    /** The same for a filter of connections. */
    public static Filter discoveredUnlessAwayTcp(String name, Message meanwhile) {
        return Filter.newBuilder()
                .setName(name)
                .setConfigDiscovery(unlessAway(meanwhile))
                .build();
    }

    private static ExtensionConfigSource unlessAway(Message meanwhile) {
        return source(meanwhile).toBuilder()
                .setDefaultConfig(Wire.any(meanwhile))
                .setApplyDefaultConfigWithoutWarming(true)
                .build();
    }

    private static ExtensionConfigSource source(Message config) {
        return ExtensionConfigSource.newBuilder()
                .setConfigSource(Wire.ads())
                .addTypeUrls(
                        "type.googleapis.com/" + config.getDescriptorForType().getFullName())
                .build();
    }
}
