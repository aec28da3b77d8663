/** Modules of the user's own, in WebAssembly, among the filters of a proxy (WasmPlugin). */
@NullMarked
package io.flotilla.envoy.wasm;

import org.jspecify.annotations.NullMarked;
