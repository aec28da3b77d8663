/** Parts of Pilot by themselves. */
@NullMarked
package io.flotilla.pilot.feed;

import org.jspecify.annotations.NullMarked;
