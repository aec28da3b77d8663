/** Tests of what Pilot shows of itself. */
@NullMarked
package io.flotilla.pilot.debug;

import org.jspecify.annotations.NullMarked;
