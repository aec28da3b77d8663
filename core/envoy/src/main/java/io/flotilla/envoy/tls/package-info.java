/** Transport sockets of both sides. */
@NullMarked
package io.flotilla.envoy.tls;

import org.jspecify.annotations.NullMarked;
