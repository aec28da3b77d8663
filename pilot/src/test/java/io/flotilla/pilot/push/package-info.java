/** Parts of Pilot by themselves. */
@NullMarked
package io.flotilla.pilot.push;

import org.jspecify.annotations.NullMarked;
