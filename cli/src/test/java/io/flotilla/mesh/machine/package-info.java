@NullMarked
package io.flotilla.mesh.machine;

import org.jspecify.annotations.NullMarked;
