/** Keys of issuers of tokens, fetched where policies say, as a source of configuration. */
@NullMarked
package io.flotilla.galley.jwks;

import org.jspecify.annotations.NullMarked;
