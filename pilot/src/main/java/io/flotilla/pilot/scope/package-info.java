/** Which part of the mesh a replica holds: what its proxies need. */
@NullMarked
package io.flotilla.pilot.scope;

import org.jspecify.annotations.NullMarked;
