/** The server side of discovery: streams over a {@link io.flotilla.discovery.DiscoverySource}. */
@NullMarked
package io.flotilla.discovery.server;

import org.jspecify.annotations.NullMarked;
