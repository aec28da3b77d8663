/** Endpoints as Envoy's load assignments. */
@NullMarked
package io.flotilla.envoy.endpoint;

import org.jspecify.annotations.NullMarked;
