/** Authorization as Envoy carries it out: RBAC filters, and questions to authorizers outside. */
@NullMarked
package io.flotilla.envoy.authz;

import org.jspecify.annotations.NullMarked;
