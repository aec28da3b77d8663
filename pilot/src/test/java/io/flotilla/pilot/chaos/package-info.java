/** Random edits against everything from Galley's updates to the streams of proxies, with invariants. */
@NullMarked
package io.flotilla.pilot.chaos;

import org.jspecify.annotations.NullMarked;
