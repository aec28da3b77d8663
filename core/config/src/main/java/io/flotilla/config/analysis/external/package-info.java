/** Findings about ServiceEntry, WorkloadEntry and WorkloadGroup. */
@NullMarked
package io.flotilla.config.analysis.external;

import org.jspecify.annotations.NullMarked;
