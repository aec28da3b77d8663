/** Authorization, decided by a real Envoy. */
@NullMarked
package io.flotilla.envoy.authz;

import org.jspecify.annotations.NullMarked;
