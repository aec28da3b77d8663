/** An Envoy process: started, adopted, watched, drained, stopped. */
@NullMarked
package io.flotilla.gateway.process;

import org.jspecify.annotations.NullMarked;
