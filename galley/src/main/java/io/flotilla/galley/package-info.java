/** Galley: reads the platform, publishes configuration and registry. */
@NullMarked
package io.flotilla.galley;

import org.jspecify.annotations.NullMarked;
