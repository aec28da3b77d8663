/** Targets for coverage-guided fuzzing, and the program that runs them. */
@NullMarked
package io.flotilla.fuzz;

import org.jspecify.annotations.NullMarked;
