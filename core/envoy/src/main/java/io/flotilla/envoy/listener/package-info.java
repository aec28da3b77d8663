/** What a sidecar captures and accepts, as Envoy's listeners. */
@NullMarked
package io.flotilla.envoy.listener;

import org.jspecify.annotations.NullMarked;
