/** The facts of a book. */
@NullMarked
package io.flotilla.bookinfo.details;

import org.jspecify.annotations.NullMarked;
