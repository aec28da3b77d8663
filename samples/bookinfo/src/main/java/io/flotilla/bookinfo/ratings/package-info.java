/** The stars that reviewers gave. */
@NullMarked
package io.flotilla.bookinfo.ratings;

import org.jspecify.annotations.NullMarked;
