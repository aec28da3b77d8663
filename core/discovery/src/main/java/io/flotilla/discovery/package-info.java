/** The discovery protocol (xDS v3): resources as shared bytes, server and client, state of the world and delta. */
@NullMarked
package io.flotilla.discovery;

import org.jspecify.annotations.NullMarked;
