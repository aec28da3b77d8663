/** Network and mount namespaces: which are to be had, and how they are made. */
@NullMarked
package io.flotilla.mesh.isolation;

import org.jspecify.annotations.NullMarked;
