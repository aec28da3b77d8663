/** Tests of what is foreseen. */
@NullMarked
package io.flotilla.telemetry.readiness;

import org.jspecify.annotations.NullMarked;
