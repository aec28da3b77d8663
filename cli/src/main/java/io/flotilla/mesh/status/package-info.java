/** What {@code flotilla status} tells. */
@NullMarked
package io.flotilla.mesh.status;

import org.jspecify.annotations.NullMarked;
