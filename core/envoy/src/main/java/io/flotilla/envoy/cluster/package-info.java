/** Services and DestinationRules as Envoy's clusters. */
@NullMarked
package io.flotilla.envoy.cluster;

import org.jspecify.annotations.NullMarked;
