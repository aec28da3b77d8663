/** Service account tokens: minted for a local mesh, verified by JWKS. */
@NullMarked
package io.flotilla.identity.token;

import org.jspecify.annotations.NullMarked;
