/** Pilot: tells every Envoy what the mesh's configuration means for it. */
@NullMarked
package io.flotilla.pilot;

import org.jspecify.annotations.NullMarked;
