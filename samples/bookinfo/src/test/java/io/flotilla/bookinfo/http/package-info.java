@NullMarked
package io.flotilla.bookinfo.http;

import org.jspecify.annotations.NullMarked;
