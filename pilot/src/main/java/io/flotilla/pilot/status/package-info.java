/** Health and metrics. */
@NullMarked
package io.flotilla.pilot.status;

import org.jspecify.annotations.NullMarked;
