/** Streams of Envoys: who they are, and what they get. */
@NullMarked
package io.flotilla.pilot.serve;

import org.jspecify.annotations.NullMarked;
