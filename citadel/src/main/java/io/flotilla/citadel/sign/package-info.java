/** From a caller and a public key to a certificate. */
@NullMarked
package io.flotilla.citadel.sign;

import org.jspecify.annotations.NullMarked;
