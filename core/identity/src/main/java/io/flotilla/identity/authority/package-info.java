/** Certificates: template, signer, validator; the root and its file forms. */
@NullMarked
package io.flotilla.identity.authority;

import org.jspecify.annotations.NullMarked;
