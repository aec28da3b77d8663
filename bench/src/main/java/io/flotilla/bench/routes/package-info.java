/** What a route edit costs at a real Envoy: whole route configurations against virtual host discovery. */
@NullMarked
package io.flotilla.bench.routes;

import org.jspecify.annotations.NullMarked;
