/** How long an edit takes to be in force at every Envoy of a local mesh. */
@NullMarked
package io.flotilla.bench.edits;

import org.jspecify.annotations.NullMarked;
