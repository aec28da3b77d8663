/** Certificates taken back before their end: whom it strikes, and what proxies are told. */
@NullMarked
package io.flotilla.identity.revocation;

import org.jspecify.annotations.NullMarked;
