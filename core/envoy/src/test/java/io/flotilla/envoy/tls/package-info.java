/** Handshakes with real Envoys. */
@NullMarked
package io.flotilla.envoy.tls;

import org.jspecify.annotations.NullMarked;
