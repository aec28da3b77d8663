/** Plugins in a real Envoy. */
@NullMarked
package io.flotilla.envoy.wasm;

import org.jspecify.annotations.NullMarked;
