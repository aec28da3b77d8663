/** As much of MySQL's protocol as a guestbook needs, from both sides. */
@NullMarked
package io.flotilla.bookinfo.mysql;

import org.jspecify.annotations.NullMarked;
