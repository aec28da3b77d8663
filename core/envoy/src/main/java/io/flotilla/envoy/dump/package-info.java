/** What an Envoy's configuration dump says, and where it is not what Pilot tells. */
@NullMarked
package io.flotilla.envoy.dump;

import org.jspecify.annotations.NullMarked;
