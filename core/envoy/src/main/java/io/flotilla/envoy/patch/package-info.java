/** EnvoyFilter: changes of what translation has made, as Envoy's own messages. */
@NullMarked
package io.flotilla.envoy.patch;

import org.jspecify.annotations.NullMarked;
