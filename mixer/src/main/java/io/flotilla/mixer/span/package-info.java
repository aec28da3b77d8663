/** Trace spans. */
@NullMarked
package io.flotilla.mixer.span;

import org.jspecify.annotations.NullMarked;
