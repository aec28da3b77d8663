/** What stands around Pilot in its tests: a Galley, a Citadel, a Mixer of tests, real Envoys, applications. */
@NullMarked
package io.flotilla.pilot.world;

import org.jspecify.annotations.NullMarked;
