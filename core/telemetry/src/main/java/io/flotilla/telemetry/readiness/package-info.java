/** What recorded telemetry says of a change that is only thought of. */
@NullMarked
package io.flotilla.telemetry.readiness;

import org.jspecify.annotations.NullMarked;
