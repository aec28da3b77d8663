/** Tests of the syntax of CEL. */
@NullMarked
package io.flotilla.config.cel;

import org.jspecify.annotations.NullMarked;
