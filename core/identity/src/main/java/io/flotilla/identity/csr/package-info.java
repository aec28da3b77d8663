/** PKCS#10 certificate requests: built, and read without trust. */
@NullMarked
package io.flotilla.identity.csr;

import org.jspecify.annotations.NullMarked;
