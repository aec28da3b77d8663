/** A real Envoy, the server that it follows, and those who call through it. */
@NullMarked
package io.flotilla.bench.envoy;

import org.jspecify.annotations.NullMarked;
