/** Citadel: who a caller is, and the certificate that says so. */
@NullMarked
package io.flotilla.citadel;

import org.jspecify.annotations.NullMarked;
