/** Telemetry: which logs and traces a proxy writes, and to whom. */
@NullMarked
package io.flotilla.envoy.telemetry;

import org.jspecify.annotations.NullMarked;
