@NullMarked
package io.flotilla.galley.mcp;

import org.jspecify.annotations.NullMarked;
