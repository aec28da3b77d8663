@NullMarked
package io.flotilla.bookinfo;

import org.jspecify.annotations.NullMarked;
