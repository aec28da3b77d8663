/** What requests meet in a real Envoy, feature by feature; the simulator must have said so. */
@NullMarked
package io.flotilla.envoy.behaviour;

import org.jspecify.annotations.NullMarked;
