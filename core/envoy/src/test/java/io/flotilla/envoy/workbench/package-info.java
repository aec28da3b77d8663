/** One real Envoy in a test: configured as Pilot would do it, with applications behind it that say who they are. */
@NullMarked
package io.flotilla.envoy.workbench;

import org.jspecify.annotations.NullMarked;
