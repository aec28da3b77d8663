/** Parts of Pilot by themselves. */
@NullMarked
package io.flotilla.pilot.serve;

import org.jspecify.annotations.NullMarked;
