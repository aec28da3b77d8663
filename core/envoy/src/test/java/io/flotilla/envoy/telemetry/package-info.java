/** Telemetry seen from outside. */
@NullMarked
package io.flotilla.envoy.telemetry;

import org.jspecify.annotations.NullMarked;
