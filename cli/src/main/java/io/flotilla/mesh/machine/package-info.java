/** Machines outside the platform: whether the application on one is healthy. */
@NullMarked
package io.flotilla.mesh.machine;

import org.jspecify.annotations.NullMarked;
