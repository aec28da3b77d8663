package io.flotilla.config.validate;

import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Kind;

/** The rules of telemetry.istio.io and extensions.istio.io. */
final class ExtensionRules {
    private ExtensionRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.TELEMETRY, Telemetry.class, TelemetryRules::check);
        rules.add(Kind.WASM_PLUGIN, WasmPlugin.class, WasmPluginRules::check);
    }
}
