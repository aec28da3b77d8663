/** Walks a call through listeners, routes and clusters as Envoy would. */
@NullMarked
package io.flotilla.envoy.simulation;

import org.jspecify.annotations.NullMarked;
