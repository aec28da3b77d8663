/** Certificates by SDS. */
@NullMarked
package io.flotilla.citadel.secret;

import org.jspecify.annotations.NullMarked;
