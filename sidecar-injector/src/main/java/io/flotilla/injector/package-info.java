/** The mutating webhook that makes pods members of the mesh. */
@NullMarked
package io.flotilla.injector;

import org.jspecify.annotations.NullMarked;
