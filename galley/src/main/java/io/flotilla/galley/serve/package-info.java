/** Galley on the network: the discovery stream, health, metrics, debugging. */
@NullMarked
package io.flotilla.galley.serve;

import org.jspecify.annotations.NullMarked;
