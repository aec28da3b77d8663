/** Directories of files, and their changes. */
@NullMarked
package io.flotilla.galley.watch;

import org.jspecify.annotations.NullMarked;
