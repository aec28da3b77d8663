/** Findings about what selects workloads: Sidecar, Telemetry, EnvoyFilter and policies. */
@NullMarked
package io.flotilla.config.analysis.scope;

import org.jspecify.annotations.NullMarked;
