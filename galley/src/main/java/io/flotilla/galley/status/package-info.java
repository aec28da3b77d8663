/** The status of objects of a cluster: what is to be said of each, and the one writer that says it. */
@NullMarked
package io.flotilla.galley.status;

import org.jspecify.annotations.NullMarked;
