/** Pilot as a whole. */
@NullMarked
package io.flotilla.pilot;

import org.jspecify.annotations.NullMarked;
