/** The small part of DER (X.690) that requests and certificates are made of. */
@NullMarked
package io.flotilla.identity.der;

import org.jspecify.annotations.NullMarked;
