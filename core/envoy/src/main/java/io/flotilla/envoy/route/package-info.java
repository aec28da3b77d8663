/** VirtualServices as Envoy's routes. */
@NullMarked
package io.flotilla.envoy.route;

import org.jspecify.annotations.NullMarked;
