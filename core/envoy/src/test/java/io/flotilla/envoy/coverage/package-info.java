/** Every field of Istio's API is translated, or it is said why not. */
@NullMarked
package io.flotilla.envoy.coverage;

import org.jspecify.annotations.NullMarked;
