/** Whose tokens are believed: RequestAuthentication and the origins of classic policies as one model. */
@NullMarked
package io.flotilla.config.authentication;

import org.jspecify.annotations.NullMarked;
