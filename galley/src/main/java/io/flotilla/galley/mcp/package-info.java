/** Another server of configuration as a source: xDS with MCP's envelopes, or the classic protocol. */
@NullMarked
package io.flotilla.galley.mcp;

import org.jspecify.annotations.NullMarked;
