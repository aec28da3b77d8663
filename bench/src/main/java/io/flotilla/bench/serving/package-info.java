/** Galley and Pilot against a program that only sends the same bytes. */
@NullMarked
package io.flotilla.bench.serving;

import org.jspecify.annotations.NullMarked;
