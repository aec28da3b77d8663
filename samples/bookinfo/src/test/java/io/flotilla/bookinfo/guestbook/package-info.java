@NullMarked
package io.flotilla.bookinfo.guestbook;

import org.jspecify.annotations.NullMarked;
