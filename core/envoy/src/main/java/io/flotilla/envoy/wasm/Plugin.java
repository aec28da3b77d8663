package io.flotilla.envoy.wasm;

import io.flotilla.api.extensions.v1alpha1.FailStrategy;
import io.flotilla.api.extensions.v1alpha1.PluginPhase;
import io.flotilla.api.extensions.v1alpha1.PluginType;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.config.model.Config;

/**
 * One plugin's place in a proxy. What it runs and how it is configured comes by a stream of its own, so neither is part
 * of a listener.
 *
 * @param name    of the filter, and of the configuration that it asks for
 * @param phase   where it stands among the filters
 * @param network it sees connections instead of requests
 * @param open    what it cannot see passes; else it is refused
 */
public record Plugin(String name, PluginPhase phase, boolean network, boolean open) {
    private static final String PREFIX = "extensions.istio.io/wasmplugin/";

    /** The place of an object's plugin. */
    static Plugin of(Config<WasmPlugin> config) {
        WasmPlugin plugin = config.spec();
        return new Plugin(
                name(config),
                plugin.getPhase(),
                plugin.getType() == PluginType.NETWORK,
                plugin.getFailStrategy() == FailStrategy.FAIL_OPEN);
    }

    /** As Istio names it, so that patches find it. */
    static String name(Config<WasmPlugin> config) {
        return PREFIX + config.namespace() + "." + config.name();
    }
}
