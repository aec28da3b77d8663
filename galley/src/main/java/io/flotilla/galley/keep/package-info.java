/** What Galley holds, kept on disk, so that it serves the last known good state at once when it starts again. */
@NullMarked
package io.flotilla.galley.keep;

import org.jspecify.annotations.NullMarked;
