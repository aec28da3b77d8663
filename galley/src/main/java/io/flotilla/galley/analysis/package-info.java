/** What analysis across objects finds in what Galley holds, as it changes. */
@NullMarked
package io.flotilla.galley.analysis;

import org.jspecify.annotations.NullMarked;
