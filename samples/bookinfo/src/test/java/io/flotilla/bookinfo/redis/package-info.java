@NullMarked
package io.flotilla.bookinfo.redis;

import org.jspecify.annotations.NullMarked;
