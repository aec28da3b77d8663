/** The local mesh: the whole suite on one machine, from start to nothing left. */
@NullMarked
package io.flotilla.mesh;

import org.jspecify.annotations.NullMarked;
