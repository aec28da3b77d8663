/** Findings about what an object names and nobody has. */
@NullMarked
package io.flotilla.config.analysis.reference;

import org.jspecify.annotations.NullMarked;
