/** The mesh as Galley tells it, and as it was when Pilot last ran. */
@NullMarked
package io.flotilla.pilot.feed;

import org.jspecify.annotations.NullMarked;
