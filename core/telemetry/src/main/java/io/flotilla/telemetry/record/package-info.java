/** Envoy's access log entries become request records: who called whom, how, and what came of it. */
@NullMarked
package io.flotilla.telemetry.record;

import org.jspecify.annotations.NullMarked;
