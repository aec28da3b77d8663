/** Findings about forms: deprecated fields and kinds, annotations. */
@NullMarked
package io.flotilla.config.analysis.hygiene;

import org.jspecify.annotations.NullMarked;
