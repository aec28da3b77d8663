/** The mesh at one moment, as the consumers of configuration see it. */
@NullMarked
package io.flotilla.config.snapshot;

import org.jspecify.annotations.NullMarked;
