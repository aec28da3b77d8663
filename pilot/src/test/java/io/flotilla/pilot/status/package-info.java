/** What Pilot says of the mesh. */
@NullMarked
package io.flotilla.pilot.status;

import org.jspecify.annotations.NullMarked;
