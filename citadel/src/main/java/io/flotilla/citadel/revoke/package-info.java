/** Revocations as this Citadel keeps them. */
@NullMarked
package io.flotilla.citadel.revoke;

import org.jspecify.annotations.NullMarked;
