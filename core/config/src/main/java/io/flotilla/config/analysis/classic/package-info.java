/** Findings about the kinds that only Istio 1.1 has. */
@NullMarked
package io.flotilla.config.analysis.classic;

import org.jspecify.annotations.NullMarked;
