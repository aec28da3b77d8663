/** Pods on one machine: what should run, what runs, and the way from one to the other. */
@NullMarked
package io.flotilla.mesh.pod;

import org.jspecify.annotations.NullMarked;
