/** How the host's loopback ports reach into the mesh. */
@NullMarked
package io.flotilla.mesh.relay;

import org.jspecify.annotations.NullMarked;
