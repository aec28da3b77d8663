/** What a real Envoy would do with a call, by what it was told. */
@NullMarked
package io.flotilla.envoy.simulation;

import org.jspecify.annotations.NullMarked;
