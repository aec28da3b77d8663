/** The targets on what is known, and a planted bug that has to be found. */
@NullMarked
package io.flotilla.fuzz;

import org.jspecify.annotations.NullMarked;
