/** Starting, watching, restarting and ending processes. */
@NullMarked
package io.flotilla.mesh.process;

import org.jspecify.annotations.NullMarked;
