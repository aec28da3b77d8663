/** Findings about services, workloads and their sidecars. */
@NullMarked
package io.flotilla.config.analysis.workload;

import org.jspecify.annotations.NullMarked;
