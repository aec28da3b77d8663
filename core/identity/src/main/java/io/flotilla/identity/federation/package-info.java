/** Trust in other meshes: their roots as SPIFFE bundles, each of which vouches for one trust domain alone. */
@NullMarked
package io.flotilla.identity.federation;

import org.jspecify.annotations.NullMarked;
