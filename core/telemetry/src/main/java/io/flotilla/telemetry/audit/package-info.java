/** Who did what, and by which policy it was allowed or denied, as events. */
@NullMarked
package io.flotilla.telemetry.audit;

import org.jspecify.annotations.NullMarked;
