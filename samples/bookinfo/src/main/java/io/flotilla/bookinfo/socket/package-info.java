/** Plain TCP servers of the samples. */
@NullMarked
package io.flotilla.bookinfo.socket;

import org.jspecify.annotations.NullMarked;
