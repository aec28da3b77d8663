/** Who is who in the mesh: SPIFFE names, keys in PEM, service accounts. Everything here is pure. */
@NullMarked
package io.flotilla.identity;

import org.jspecify.annotations.NullMarked;
