/** The page that people see, and the API behind it. */
@NullMarked
package io.flotilla.bookinfo.productpage;

import org.jspecify.annotations.NullMarked;
