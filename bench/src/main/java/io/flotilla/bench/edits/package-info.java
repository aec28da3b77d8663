/** How long an edit takes to be in force at every Envoy of a local mesh. */
package io.flotilla.bench.edits;
