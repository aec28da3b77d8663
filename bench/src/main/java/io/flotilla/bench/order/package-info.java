/** Whether a real Envoy ever fails a request because of the order in which it is told things. */
@NullMarked
package io.flotilla.bench.order;

import org.jspecify.annotations.NullMarked;
