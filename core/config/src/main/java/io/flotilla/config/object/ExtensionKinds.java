package io.flotilla.config.object;

import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Kind;
import java.util.List;

/** telemetry.istio.io and extensions.istio.io: what proxies measure, and what runs in them. */
final class ExtensionKinds {
    private ExtensionKinds() {}

    static List<KnownKind> list() {
        return List.of(
                KnownKind.spec(Kind.TELEMETRY, Telemetry.getDefaultInstance(), "v1alpha1", "v1"),
                KnownKind.spec(Kind.WASM_PLUGIN, WasmPlugin.getDefaultInstance(), "v1alpha1"));
    }
}
