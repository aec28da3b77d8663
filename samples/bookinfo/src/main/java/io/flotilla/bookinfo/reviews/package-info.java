/** What reviewers wrote, with stars or without. */
@NullMarked
package io.flotilla.bookinfo.reviews;

import org.jspecify.annotations.NullMarked;
