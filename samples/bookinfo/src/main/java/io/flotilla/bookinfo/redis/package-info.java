/** As much of Redis' protocol as sessions need, from both sides. */
@NullMarked
package io.flotilla.bookinfo.redis;

import org.jspecify.annotations.NullMarked;
