/** Certificates and keys of users' own, as Secrets hold them and Envoy asks for them. */
@NullMarked
package io.flotilla.identity.credential;

import org.jspecify.annotations.NullMarked;
