/** The Envoy binary of this machine. */
@NullMarked
package io.flotilla.mesh.envoy;

import org.jspecify.annotations.NullMarked;
