/** A page of greetings, its service and where both keep what they know. */
@NullMarked
package io.flotilla.bookinfo.guestbook;

import org.jspecify.annotations.NullMarked;
