/** What a local mesh keeps on disk, and the ports that it has. */
@NullMarked
package io.flotilla.mesh.state;

import org.jspecify.annotations.NullMarked;
