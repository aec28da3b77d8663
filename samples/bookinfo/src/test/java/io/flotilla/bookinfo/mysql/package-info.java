@NullMarked
package io.flotilla.bookinfo.mysql;

import org.jspecify.annotations.NullMarked;
