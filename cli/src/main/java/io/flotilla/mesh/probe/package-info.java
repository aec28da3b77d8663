/** Asking applications how they are, as the kubelet and the agents of machines do. */
@NullMarked
package io.flotilla.mesh.probe;

import org.jspecify.annotations.NullMarked;
