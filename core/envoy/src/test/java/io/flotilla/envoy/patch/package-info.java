/** Patches seen from outside. */
@NullMarked
package io.flotilla.envoy.patch;

import org.jspecify.annotations.NullMarked;
