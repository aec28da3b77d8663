/** The syntax of CEL, the Common Expression Language, in which Envoy evaluates filters and tags. */
@NullMarked
package io.flotilla.config.cel;

import org.jspecify.annotations.NullMarked;
