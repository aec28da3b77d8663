@NullMarked
package io.flotilla.bookinfo.json;

import org.jspecify.annotations.NullMarked;
